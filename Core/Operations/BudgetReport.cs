using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Operations;

/// <summary>A budget in short: what holds for the cluster. <see cref="IBudget.ViewAsync"/> has all of it.</summary>
public sealed record BudgetReport
{
    /// <summary>The endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What its authority can do now.</summary>
    public required BudgetMode Mode { get; init; }

    /// <summary>Calls in flight at most in the whole cluster.</summary>
    public required int Limit { get; init; }

    /// <summary>What the limit would be if it were enforced; null unless it is only observed.</summary>
    public int? ObservedLimit { get; init; }

    /// <summary>Whether the limit is enforced.</summary>
    public required LimitMode LimitMode { get; init; }

    /// <summary>Why the limit is what it is.</summary>
    public required LimitReason Reason { get; init; }

    /// <summary>What operators told the endpoint.</summary>
    public Orders Orders { get; init; } = Orders.None;

    /// <summary>Connections at most.</summary>
    public required int Cap { get; init; }

    /// <summary>Connections that count as taken, those of silent holders included.</summary>
    public required int ConnectionsTaken { get; init; }

    /// <summary>Response time without queueing, as the law knows it; zero where it knows none.</summary>
    public TimeSpan Baseline { get; init; }

    /// <summary>Who holds shares, clients among them.</summary>
    public required IReadOnlyList<HolderView> Holders { get; init; }

    /// <summary>Changes of the limit, the oldest first: all that are kept where one endpoint was asked for, else those of the last 15 s.</summary>
    public required IReadOnlyList<LimitStep> Changes { get; init; }

    internal static BudgetReport Of(BudgetView view, TimeSpan changesSince) => new()
    {
        Endpoint = view.Endpoint,
        Mode = view.Mode,
        Limit = view.Limit,
        ObservedLimit = view.ObservedLimit,
        LimitMode = view.LimitMode,
        Reason = view.Reason,
        Orders = view.Orders,
        Cap = view.Cap,
        ConnectionsTaken = view.ConnectionsTaken,
        Baseline = view.Baseline,
        Holders = view.Holders,
        Changes = [.. view.Changes.Where(change => view.Now - change.At <= changesSince).Select(change => LimitStep.Of(change, view.Now))],
    };
}
