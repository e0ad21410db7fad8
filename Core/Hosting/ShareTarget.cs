using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Hosting;

/// <summary>What a share means for a pool: the words of the budget in those of the pool, and back.</summary>
internal sealed class ShareTarget(ChannelPool pool, TimeProvider time, bool isClient = false, CallHistory? history = null) : IShareTarget
{
    // No holder's name, and nobody looks for one: a client's calls go to whichever silo its lanes lead to.
    private static readonly string[] _anySilo = ["the cluster"];

    private int _elsewhere;
    private int _limit;

    public int OpenConnections => pool.OpenConnections;

    /// <summary>A call went elsewhere for want of a share here. True when none other is there: the share is to be asked for.</summary>
    public bool BeginElsewhere() => Interlocked.Increment(ref _elsewhere) == 1;

    public void EndElsewhere() => Interlocked.Decrement(ref _elsewhere);

    public HolderDemand Demand(TimeSpan now)
    {
        // Who is served elsewhere would be served here: such calls are a need as those that wait are.
        var load = pool.Load();
        return new HolderDemand(load.InFlight, load.Waiting + Volatile.Read(ref _elsewhere), load.Rate, load.Min, load.Max, load.IsDraining);
    }

    public LoadSample? TakeSample(TimeSpan now)
    {
        // The history first: whoever gets the sample may add to it.
        var sample = pool.TakeSample();
        history?.Add(sample, _limit, now);
        return sample;
    }

    public void Apply(in HolderAllowance allowance, int limit, IReadOnlyList<string> forwardTo)
    {
        _limit = limit;
        pool.Apply(new PoolShare(allowance.Permits, allowance.Connections)
        {
            MustSever = allowance.MustSever,
            Turn = allowance.Turn,
            ValidUntil = allowance.ValidFor == TimeSpan.Zero ? TimeSpan.MaxValue : time.MonotonicNow() + allowance.ValidFor,
            Holders = isClient && allowance.Permits == 0 && forwardTo.Count == 0 ? _anySilo : forwardTo,
        });
    }
}
