using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>What the peers have in common: a state of their own type, limits of their own, and chance that is the same in each run.</summary>
/// <typeparam name="TState">What the law remembers; immutable.</typeparam>
internal abstract class PeerLaw<TState>(string name, int copy, int initial, int least, int most) : ILimitLaw
    where TState : class
{
    private const double GoldenRatio = 0.6180339887;

    public string Name { get; } = name;

    protected abstract TState First { get; }

    protected abstract EpochPlan FirstPlan { get; }

    public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered) =>
        new(Within(bounds, remembered?.Limit ?? initial), remembered is null ? LimitReason.Configured : LimitReason.Remembered, First, TimeSpan.Zero, FirstPlan);

    public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds)
    {
        var next = Decide(last, (TState)last.State, epoch);
        return next with { Limit = Within(bounds, next.Limit) };
    }

    public LimitMemory Remember(LimitDecision last) => new(last.Limit, last.Limit, []);

    protected abstract LimitDecision Decide(LimitDecision last, TState state, EpochSample epoch);

    /// <summary>Spread evenly over 0 to 1, and different in each copy of the law: probes of independent processes do not coincide.</summary>
    protected double Chance(int draw) => ((copy * Math.Sqrt(2)) + (draw * GoldenRatio)) % 1;

    protected static long Dropped(EpochSample epoch) => epoch.Timeouts + epoch.PushBacks + epoch.Failures;

    protected static ResponseTimeHistogram ResponseTimes(EpochSample epoch)
    {
        var all = new ResponseTimeHistogram();
        foreach (var histogram in epoch.ResponseTimes)
        {
            if (histogram is not null) all.Add(histogram);
        }

        return all;
    }

    private double Within(LimitBounds bounds, double limit) => Math.Clamp(Math.Clamp(limit, least, most), bounds.Floor, bounds.Ceiling);
}
