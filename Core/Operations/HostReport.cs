namespace OrleansPool.Core.Operations;

/// <summary>What one host knows. Made of plain numbers, so that it travels as JSON; what a reader does not know it passes over.</summary>
public sealed record HostReport
{
    /// <summary>Its name as a holder: the address at which silos talk to it, or <c>this process</c> without a cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>When it started, by its own clock.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Its own clock when it answered.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>It takes calls.</summary>
    public required bool IsReady { get; init; }

    /// <summary>It is shutting down.</summary>
    public required bool IsDraining { get; init; }

    /// <summary>The endpoints asked for, by name.</summary>
    public required IReadOnlyList<EndpointReport> Endpoints { get; init; }

    /// <summary>Of these the budgets that it holds for the whole cluster.</summary>
    public IReadOnlyList<BudgetReport> Budgets { get; init; } = [];

    /// <summary>What happened lately, the oldest first.</summary>
    public IReadOnlyList<HostEvent> Events { get; init; } = [];
}
