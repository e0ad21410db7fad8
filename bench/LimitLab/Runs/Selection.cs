using OrleansPool.Bench.LimitLab.Peers;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>What was asked for on the command line; what was left open is empty.</summary>
internal sealed record Selection
{
    private const string Ours = "adaptive";

    // At 1000 slots an hour is some ten million calls for each seed, so there, and for the peers, the short phases have to do.
    private const int FullLengthUpTo = 100;
    private const int UsualSeeds = 8;

    // 1000 slots cost ten times as much as 100: eight seeds with 1, 8 and 32 holders would be most of the whole run.
    private const int CostlySeeds = 4;
    private const int PeerSeeds = 2;

    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    public IReadOnlyList<string> Laws { get; init; } = [];

    public IReadOnlyList<Scope> Scopes { get; init; } = [];

    public IReadOnlyList<int> Nodes { get; init; } = [];

    public IReadOnlyList<int> Slots { get; init; } = [];

    public int? Seeds { get; init; }

    public bool OnlySeen { get; init; }

    public bool IsQuick { get; init; }

    /// <summary>The runs. Where nothing was chosen: ours in all sizes, and in a run that is not quick the peers in the usual one.</summary>
    public IReadOnlyList<RunPlan> Plans()
    {
        var laws = Laws.Count > 0 ? Laws : IsQuick ? [Ours] : [Ours, .. LabLaws.Peers];
        return [.. laws.SelectMany(law => law == Ours ? OursPlans() : PeerPlans(law))];
    }

    /// <summary>Runs for the charts only: ours with the short phases that its peers have, where the results have it with long ones.</summary>
    public static IReadOnlyList<RunPlan> ChartPlans(IReadOnlyList<RunPlan> plans)
    {
        var quick = plans.Where(plan => plan.IsQuick).Select(plan => plan.Case).ToHashSet();
        return [.. plans.Where(plan => !quick.Contains(plan.Case)).DistinctBy(plan => plan.Case).Select(plan => plan with { IsQuick = true })];
    }

    private IEnumerable<RunPlan> OursPlans() =>
        from scenario in Scenarios
        from scope in Scopes.Count > 0 ? Scopes : [Scope.Cluster]
        from size in Sizes(scenario)
        from seed in Runs.Seeds.Take(Seeds ?? SeedsFor(scenario, size), OnlySeen)
        select new RunPlan(scenario.WithSlots(size.Slots), Ours, scope, size.Nodes, seed, IsQuick || size.Slots > FullLengthUpTo || !IsUsual(scenario, size));

    private IEnumerable<RunPlan> PeerPlans(string law) =>
        from scenario in Scenarios
        from scope in Scopes.Count > 0 ? Scopes : [Scope.Local, Scope.Cluster]
        from slots in Slots.Count > 0 ? Slots : [scenario.Upstream.Slots]
        from nodes in Nodes.Count > 0 ? Nodes : [scenario.Holders.Count]
        from seed in Runs.Seeds.Take(Seeds ?? PeerSeeds, OnlySeen)
        select new RunPlan(scenario.WithSlots(slots), law, scope, nodes, seed, IsQuick: true);

    private IEnumerable<(int Slots, int Nodes)> Sizes(Scenario scenario)
    {
        var hasAsked = Slots.Count + Nodes.Count > 0 || IsQuick;
        return from slots in Slots.Count > 0 ? Slots : hasAsked ? [scenario.Upstream.Slots] : [scenario.Upstream.Slots, 1000, 8]
               from nodes in Nodes.Count > 0 ? Nodes : hasAsked ? [scenario.Holders.Count] : [scenario.Holders.Count, 1, 32]
               select (slots, nodes);
    }

    private static int SeedsFor(Scenario scenario, (int Slots, int Nodes) size) =>
        size.Slots > FullLengthUpTo && size.Nodes != scenario.Holders.Count ? CostlySeeds : UsualSeeds;

    private static bool IsUsual(Scenario scenario, (int Slots, int Nodes) size) => size == (scenario.Upstream.Slots, scenario.Holders.Count);
}
