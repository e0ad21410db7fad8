namespace OrleansPool.Grains.Budget;

/// <summary>A row of the budget's store as grain storage keeps it. JSON of our own: what reads it must not depend on the storage's serializer.</summary>
[GenerateSerializer, Alias("orleanspool.BudgetRow")]
public sealed class BudgetRow
{
    /// <summary>The row.</summary>
    [Id(0)]
    public byte[] Json { get; set; } = [];
}
