namespace OrleansPool.Bench.LimitLab.Simulation;

/// <summary>
/// Virtual time: events in the order in which they are due, those of the same instant in the order in which they were scheduled. A heap with four
/// children to a node, which is flatter than a binary one and touches fewer cache lines.
/// </summary>
internal sealed class Clock
{
    private const int Arity = 4;

    private Event[] _heap = new Event[1024];
    private int _count;
    private long _scheduled;

    /// <summary>The present, since the run began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Has something happen after a while; at once means after everything that is already due.</summary>
    public void After(TimeSpan delay, IEventTarget target, int what, long tag = 0, object? subject = null) => At(Now + delay, target, what, tag, subject);

    /// <summary>Has something happen at an instant that is not past.</summary>
    public void At(TimeSpan instant, IEventTarget target, int what, long tag = 0, object? subject = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instant, Now);
        if (_count == _heap.Length) Array.Resize(ref _heap, 2 * _heap.Length);
        Rise(_count++, new Event(instant.Ticks, _scheduled++, target, what, tag, subject));
    }

    /// <summary>Lets happen all that is due before <paramref name="end"/>, and then it is that time.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_count > 0 && _heap[0].At < end.Ticks)
        {
            var next = _heap[0];
            var last = _heap[--_count];
            _heap[_count] = default;
            if (_count > 0) Sink(last);
            Now = TimeSpan.FromTicks(next.At);
            next.Target.Happen(next.What, next.Tag, next.Subject);
        }

        Now = end;
    }

    private void Rise(int index, in Event item)
    {
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (!item.IsBefore(_heap[parent])) break;
            _heap[index] = _heap[parent];
            index = parent;
        }

        _heap[index] = item;
    }

    private void Sink(in Event item)
    {
        var index = 0;
        while (true)
        {
            var child = FirstOf(index);
            if (child < 0 || !_heap[child].IsBefore(item)) break;
            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = item;
    }

    private int FirstOf(int index)
    {
        var first = (index * Arity) + 1;
        if (first >= _count) return -1;
        var best = first;
        var end = Math.Min(first + Arity, _count);
        for (var child = first + 1; child < end; child++)
        {
            if (_heap[child].IsBefore(_heap[best])) best = child;
        }

        return best;
    }
}
