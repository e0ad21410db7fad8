namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Everything about one experiment but the law, the number of holders and the seed. docs/lab.md has the schema of the files it comes from.</summary>
internal sealed record Scenario
{
    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required string Title { get; init; }

    public UpstreamPlan Upstream { get; init; } = new();

    public HoldersPlan Holders { get; init; } = new();

    public NetworkPlan Network { get; init; } = new();

    public IReadOnlyList<Phase> Phases { get; init; } = [];

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public MeasurePlan Measure { get; init; } = new();

    /// <summary>The same with an upstream of another size; load, queues and caps grow with it.</summary>
    public Scenario WithSlots(int slots) => this with { Upstream = Upstream with { Slots = slots } };

    /// <summary>Sum of all phases.</summary>
    public TimeSpan Length(bool quick) => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Length(quick));
}
