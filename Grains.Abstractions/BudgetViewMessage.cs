namespace OrleansPool.Grains.Abstractions;

/// <summary>A budget for people to look at.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.BudgetViewMessage")]
public sealed class BudgetViewMessage
{
    /// <summary>The engine's view as JSON, compared by nobody: it may differ from version to version. Null when the budget is not held there.</summary>
    [Id(0)]
    public byte[]? Json { get; init; }
}
