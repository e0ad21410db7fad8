using OrleansPool.Core.Budget;

namespace OrleansPool.Core.Hosting;

/// <summary>
/// The times of the lease protocol (docs/budget.md), for all endpoints under <c>OrleansPool:Budget</c> and for one under its own <c>Budget</c>, which goes
/// first. All hosts of a cluster must have the same.
/// </summary>
public sealed class BudgetOptions
{
    /// <summary>How long a share lasts when nobody renews it. 5 s to 10 min, default 30 s.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>How long a host's process may stand still without the cap being exceeded. 1 s to 10 min, default 30 s.</summary>
    public TimeSpan? FreezeTolerance { get; set; }

    /// <summary>How often a host with calls reports and renews. 100 ms to 5 s and at most a fifth of the time to live, default 1 s.</summary>
    public TimeSpan? RenewPeriod { get; set; }

    /// <summary>What becomes of calls in flight when a lease ends and nobody grants. Default sever: the cap holds.</summary>
    public LeaseLoss? OnLeaseLoss { get; set; }
}
