namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>The callers that wait, the one whose turn it is on top. A binary heap in which every lane knows its place, so that any of them can leave.</summary>
internal sealed class LaneHeap<TWaiter>
    where TWaiter : class, IQueued<TWaiter>
{
    private readonly List<CallerLane<TWaiter>> _lanes = [];

    public IReadOnlyList<CallerLane<TWaiter>> All => _lanes;

    public CallerLane<TWaiter>? Top => _lanes.Count == 0 ? null : _lanes[0];

    public void Add(CallerLane<TWaiter> lane)
    {
        _lanes.Add(lane);
        lane.HeapIndex = _lanes.Count - 1;
        Rise(lane);
    }

    public void Remove(CallerLane<TWaiter> lane)
    {
        var last = _lanes[^1];
        _lanes.RemoveAt(_lanes.Count - 1);
        if (last != lane)
        {
            Put(last, lane.HeapIndex);
            Rise(last);
            Sink(last);
        }

        lane.HeapIndex = -1;
    }

    /// <summary>The lane's turn was put off.</summary>
    public void Sink(CallerLane<TWaiter> lane)
    {
        while (true)
        {
            var child = (lane.HeapIndex * 2) + 1;
            if (child >= _lanes.Count) return;
            if (child + 1 < _lanes.Count && _lanes[child + 1].ComesBefore(_lanes[child])) child++;
            if (!_lanes[child].ComesBefore(lane)) return;
            Swap(lane, _lanes[child]);
        }
    }

    private void Rise(CallerLane<TWaiter> lane)
    {
        while (lane.HeapIndex > 0 && _lanes[(lane.HeapIndex - 1) / 2] is var parent && lane.ComesBefore(parent)) Swap(lane, parent);
    }

    private void Swap(CallerLane<TWaiter> one, CallerLane<TWaiter> other)
    {
        var (at, to) = (one.HeapIndex, other.HeapIndex);
        Put(one, to);
        Put(other, at);
    }

    private void Put(CallerLane<TWaiter> lane, int at)
    {
        _lanes[at] = lane;
        lane.HeapIndex = at;
    }
}
