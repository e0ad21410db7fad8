using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>A host that works on as many calls as it has slots, and takes the others first come, first served.</summary>
internal sealed class LineHost(Clock clock, Randomness random, HostState state) : UpstreamHost(clock, random, state)
{
    private readonly Queue<Call> _line = new();
    private int _busy;

    protected override bool IsFull => _busy >= State.Slots && _line.Count >= State.Queue;

    protected override void Accept(Call call)
    {
        if (_busy < State.Slots) Start(call);
        else _line.Enqueue(call);
    }

    protected override void Finish(long tag, object? subject)
    {
        _busy--;
        StartNext();
        End((Call)subject!, Answer.Done);
    }

    protected override void Changed() => StartNext();

    private void StartNext()
    {
        while (_busy < State.Slots && _line.TryDequeue(out var next))
        {
            if (State.NoticesCancel && next.State == CallState.Abandoned) End(next, Answer.Failure);
            else Start(next);
        }
    }

    private void Start(Call call)
    {
        _busy++;
        Clock.After(ServiceTimeOf(call), this, EndDone, 0, call);
    }
}
