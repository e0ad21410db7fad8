using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Hosting;

/// <summary>What a share means for a pool: the words of the budget in those of the pool, and back.</summary>
internal sealed class ShareTarget(ChannelPool pool, TimeProvider time) : IShareTarget
{
    public int OpenConnections => pool.OpenConnections;

    public HolderDemand Demand(TimeSpan now)
    {
        var load = pool.Load();
        return new HolderDemand(load.InFlight, load.Waiting, load.Rate, load.Min, load.Max);
    }

    public LoadSample? TakeSample(TimeSpan now) => pool.TakeSample();

    public void Apply(in HolderAllowance allowance, int limit, IReadOnlyList<string> forwardTo)
    {
        pool.Apply(new PoolShare(allowance.Permits, allowance.Connections)
        {
            MustSever = allowance.MustSever,
            ValidUntil = allowance.ValidFor == TimeSpan.Zero ? TimeSpan.MaxValue : time.MonotonicNow() + allowance.ValidFor,
            Holders = forwardTo,
        });
    }
}
