using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget;

/// <summary>
/// An endpoint's budget: what may be dealt, and the times of the lease protocol. Authority and holders of an endpoint must have the same. Durations are on
/// each process's own monotonic clock. Why these values: docs/budget.md.
/// </summary>
public sealed record BudgetSettings
{
    /// <summary>Name of the endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>
    /// Name of the holder that lives in the authority's own process, and dies with it; null, the default, when there is none, or none to be spared. Of interest to the
    /// authority alone.
    /// </summary>
    public string? Home { get; init; }

    /// <summary>Connections at most over all holders, at every instant. 1 or more.</summary>
    public required int Cap { get; init; }

    /// <summary>Connections that a holder keeps when nobody calls, as far as the cap goes round. 0 or more.</summary>
    public int MinConnections { get; init; }

    /// <summary>Calls that one connection carries at once. 1 or more.</summary>
    public required int CallsPerChannel { get; init; }

    /// <summary>Between what the limit may move.</summary>
    public required LimitBounds Bounds { get; init; }

    /// <summary>Whether the limit is enforced. Default: it is.</summary>
    public LimitMode Mode { get; init; } = LimitMode.Enforce;

    /// <summary>What a holder does when its lease ends. Default <see cref="Budget.LeaseLoss.Sever"/>, as the cap is the promise.</summary>
    public LeaseLoss OnLeaseLoss { get; init; } = LeaseLoss.Sever;

    /// <summary>How long a share lasts from the moment its holder asked for it (TTL): losing the authority for less disturbs nobody. Default 30 s.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a holder's process may stand still without the cap being exceeded (F). Default 30 s.</summary>
    public TimeSpan FreezeTolerance { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before its end a lease is not used for new calls and connections, so that most of them end by themselves. Default 2 s.</summary>
    public TimeSpan SeverLead { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a holder with calls renews. Default 1 s.</summary>
    public TimeSpan RenewPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often while its permits are used up or calls wait. Default 250 ms.</summary>
    public TimeSpan BoundRenewPeriod { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often while the law watches what a step of the limit does, which is for a second or so at a time. Default 100 ms.</summary>
    public TimeSpan WatchedRenewPeriod { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How soon after its last request at the earliest when calls begin to wait. Default 20 ms.</summary>
    public TimeSpan StarvingSpacing { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a holder renews that has had no calls for <see cref="IdleAfter"/>; a third of <see cref="TimeToLive"/> at most. Default 10 s.</summary>
    public TimeSpan IdleRenewPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a holder asks that has nothing and no calls, in case somebody who stood by is gone. Default 10 min.</summary>
    public TimeSpan LookInPeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long without calls until a holder keeps no more than its minimum. Default 30 s.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Part of the limit, and of the cap, that is dealt to those only who need it now. 0 to 0.5, default 0.1.</summary>
    public double HotReserve { get; init; } = 0.1;

    /// <summary>Bound of overcommit: permits dealt per permit of the limit while most are idle. 1 to 2, default 1.25.</summary>
    public double MaxOvercommit { get; init; } = 1.25;

    /// <summary>Permits that a holder should have at least: where they do not go round, few holders get all, and the others forward to them. 1 or more, default 8.</summary>
    public int LeastPermitsPerHolder { get; init; } = 8;

    /// <summary>How long a silent holder's connections stay taken (R): TTL + F.</summary>
    public TimeSpan Reserve => TimeToLive + FreezeTolerance;

    /// <summary>How long a new authority learns: as long as what the one before dealt can last, R. To be set by the test that takes one of the two away.</summary>
    internal TimeSpan Learning
    {
        get => field == default ? Reserve : field;
        init;
    }
}
