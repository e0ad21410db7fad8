using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>
/// A host that works on all calls at once: each at full speed while there are no more than slots, beyond that all at the same share of it (processor
/// sharing). Kept in served time, which runs as fast as each call is served: a call ends when it has had its service time of that.
/// </summary>
internal sealed class SharingHost(Clock clock, Randomness random, HostState state) : UpstreamHost(clock, random, state)
{
    private readonly PriorityQueue<Call, double> _calls = new();
    private double _served;
    private TimeSpan _asOf;
    private double _speed = 1;
    private long _version;

    protected override bool IsFull => _calls.Count - State.Slots >= State.Queue;

    protected override void Accept(Call call)
    {
        Advance();
        _calls.Enqueue(call, _served + ServiceTimeOf(call).TotalSeconds);
        Plan();
    }

    protected override void Finish(long tag, object? subject)
    {
        if (tag != _version) return;
        Advance();
        var call = _calls.Dequeue();
        Plan();
        End(call, Answer.Done);
    }

    protected override void Changed()
    {
        Advance();
        Plan();
    }

    private void Advance()
    {
        _served += (Clock.Now - _asOf).TotalSeconds * _speed;
        _asOf = Clock.Now;
    }

    private void Plan()
    {
        _version++;
        _speed = Math.Min(1, (double)State.Slots / Math.Max(1, _calls.Count));
        if (_calls.TryPeek(out _, out var due)) Clock.After(TimeSpan.FromSeconds(Math.Max(0, due - _served) / _speed), this, EndDone, _version);
    }
}
