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

    private Orders _done = Orders.None;
    private readonly Lock _gate = new();
    private LoadSample? _looked;
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
        lock (_gate)
        {
            var sample = Seen(now);
            _looked = null;
            return sample;
        }
    }

    /// <summary>Brings the history up to now. What is seen is kept for the next sample that is taken, which misses nothing by it.</summary>
    public void Look(TimeSpan now)
    {
        lock (_gate) _looked = Seen(now);
    }

    public void Apply(in HolderAllowance allowance, int limit, IReadOnlyList<string> forwardTo, Orders orders)
    {
        _limit = limit;
        pool.Apply(new PoolShare(allowance.Permits, orders.IsDrained ? 0 : allowance.Connections)
        {
            MustSever = allowance.MustSever,
            Turn = allowance.Turn,
            ValidUntil = allowance.ValidFor == TimeSpan.Zero ? TimeSpan.MaxValue : time.MonotonicNow() + allowance.ValidFor,
            Holders = HoldersFor(allowance, forwardTo, orders),
            IsPaused = orders.HoldsCalls,
        });
        DoOnce(orders);
    }

    // Calls that are to wait do so where they are: the others have been told the same.
    private IReadOnlyList<string> HoldersFor(in HolderAllowance allowance, IReadOnlyList<string> forwardTo, Orders orders) =>
        orders.HoldsCalls ? [] : isClient && allowance.Permits == 0 && forwardTo.Count == 0 ? _anySilo : forwardTo;

    /// <summary>What is done once, and not for as long as it stands; fewer than before are those of a cluster that was started anew.</summary>
    private void DoOnce(Orders orders)
    {
        if (orders.Evictions > _done.Evictions) pool.EvictIdle();
        if (orders.Reconnects > _done.Reconnects) pool.Reconnect();
        _done = orders;
    }

    private LoadSample Seen(TimeSpan now)
    {
        var sample = pool.TakeSample();
        history?.Add(sample, _limit, now);
        if (_looked is null) return sample;
        _looked.Append(sample);
        return _looked;
    }
}
