using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>The way between holders and budget: late, out of order or not at all.</summary>
internal sealed class Network(Clock clock, NetworkPlan plan, long seed)
{
    private readonly Randomness _random = new(seed, Purpose.Network);
    private readonly HashSet<int> _cutOff = [];

    /// <summary>Messages given to it.</summary>
    public long Sent { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>From now on nothing comes from or to this holder, or again everything.</summary>
    public void CutOff(int holder, bool isCutOff)
    {
        if (isCutOff) _cutOff.Add(holder);
        else _cutOff.Remove(holder);
    }

    /// <summary>Brings a message to or from a holder to its target, if it can.</summary>
    public void Send(int holder, IEventTarget target, int what, object message, int bytes)
    {
        Sent++;
        Bytes += bytes;
        if (_cutOff.Contains(holder) || (plan.Loss > 0 && _random.Next() < plan.Loss)) return;
        clock.After(plan.Delay + (plan.Jitter * (plan.Jitter > TimeSpan.Zero ? _random.Next() : 0)), target, what, holder, message);
    }
}
