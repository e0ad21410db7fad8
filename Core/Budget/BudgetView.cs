using System.Text.Json.Serialization;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget;

/// <summary>A budget at one moment, for people: it answers why the limit is what it is, and who has what.</summary>
public sealed record BudgetView
{
    /// <summary>Name of the endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What the authority can do now.</summary>
    public required BudgetMode Mode { get; init; }

    /// <summary>The authority's epoch: one more with each that took over.</summary>
    public required long Epoch { get; init; }

    /// <summary>Time until it has learned enough to deal; zero when it has.</summary>
    public TimeSpan LearningLeft { get; init; }

    /// <summary>Permits for all holders together: the law's limit, or all that the cap's connections carry where none is enforced.</summary>
    public required int Limit { get; init; }

    /// <summary>What the limit would be if it were enforced; null unless it is only observed.</summary>
    public int? ObservedLimit { get; init; }

    /// <summary>Why it is what it is: the reason of the law's last decision, also of one that left it as it was.</summary>
    public required LimitReason Reason { get; init; }

    /// <summary>Whether the limit is enforced.</summary>
    public required LimitMode LimitMode { get; init; }

    /// <summary>Connections at most.</summary>
    public required int Cap { get; init; }

    /// <summary>
    /// Connections that all holders together are to keep open when nobody calls. When that is more than the cap, none of them is sure to have its minimum.
    /// </summary>
    public int MinimumsWanted { get; init; }

    /// <summary>Connections that count as taken, those of silent holders included.</summary>
    public required int ConnectionsTaken { get; init; }

    /// <summary>Permits dealt per permit of the limit.</summary>
    public required double Overcommit { get; init; }

    /// <summary>Response time without queueing, as the law knows it; zero where it knows none.</summary>
    public required TimeSpan Baseline { get; init; }

    /// <summary>The last epoch that the law saw: QPS, response times, drops; null before the first.</summary>
    public EpochSample? LastEpoch { get; init; }

    /// <summary>The last 100 changes of the limit, oldest first, each with its reason and the numbers behind it.</summary>
    public required IReadOnlyList<LimitChange> Changes { get; init; }

    /// <summary>All changes since its authority took office, by reason and direction: for the process that has the budget, and not sent to others.</summary>
    [JsonIgnore]
    public IReadOnlyList<LimitChangeCount> ChangeCounts { get; init; } = [];

    /// <summary>Name of the law that finds the limit.</summary>
    public string Law { get; init; } = "";

    /// <summary>What operators told the endpoint.</summary>
    public Orders Orders { get; init; } = Orders.None;

    /// <summary>What of that outlives a restart of the whole cluster.</summary>
    public Orders KeptOrders { get; init; } = Orders.None;

    /// <summary>All holders it knows, in the order in which they came.</summary>
    public required IReadOnlyList<HolderView> Holders { get; init; }

    /// <summary>The authority's clock, against which <see cref="LimitChange.At"/> is to be read.</summary>
    public required TimeSpan Now { get; init; }
}
