using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>
/// The deadlines of all calls. They all have the same time to live, so they pass in the order of arrival: a line with one pending event, instead of one
/// event for each call of which hardly any ever matters.
/// </summary>
internal sealed class DeadlineLine(Clock clock) : IEventTarget
{
    private readonly Queue<(Call Call, long Version, TimeSpan At)> _line = new();
    private bool _isArmed;

    public void Add(Call call)
    {
        _line.Enqueue((call, call.Version, call.Deadline));
        if (!_isArmed) Arm();
    }

    public void Happen(int what, long tag, object? subject)
    {
        while (_line.TryPeek(out var first) && (IsOver(first) || first.At <= clock.Now))
        {
            _line.Dequeue();
            if (!IsOver(first)) first.Call.Owner!.Expired(first.Call);
        }

        _isArmed = false;
        if (_line.Count > 0) Arm();
    }

    private static bool IsOver((Call Call, long Version, TimeSpan At) entry) => entry.Call.Version != entry.Version || entry.Call.State == CallState.Abandoned;

    private void Arm()
    {
        _isArmed = true;
        clock.At(_line.Peek().At, this, 0);
    }
}
