namespace OrleansPool.Grains.Abstractions;

/// <summary>An operator's order; the meaning of each part is that of the engine's Order.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.OrderMessage")]
public sealed class OrderMessage
{
    /// <summary>The verb, by its number.</summary>
    [Id(0)]
    public int Verb { get; init; }

    /// <summary>Limit or cap; null takes an order back.</summary>
    [Id(1)]
    public int? Number { get; init; }

    /// <summary>The limit's mode, by its number; null takes an order back.</summary>
    [Id(2)]
    public int? Mode { get; init; }

    /// <summary>True for one that the store is to have.</summary>
    [Id(3)]
    public bool IsKept { get; init; }
}
