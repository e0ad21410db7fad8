namespace OrleansPool.Grains.Abstractions;

/// <summary>What operators told an endpoint; the meaning of each part is that of the engine's Orders.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.OrdersMessage")]
public sealed class OrdersMessage
{
    /// <summary>Greater with each order.</summary>
    [Id(0)]
    public long Number { get; init; }

    /// <summary>Calls wait.</summary>
    [Id(1)]
    public bool IsPaused { get; init; }

    /// <summary>Calls wait, and connections close.</summary>
    [Id(2)]
    public bool IsDrained { get; init; }

    /// <summary>The limit; null for the law's.</summary>
    [Id(3)]
    public int? Limit { get; init; }

    /// <summary>The cap; null for the configured one.</summary>
    [Id(4)]
    public int? Cap { get; init; }

    /// <summary>The limit's mode, by its number; null for the configured one.</summary>
    [Id(5)]
    public int? Mode { get; init; }

    /// <summary>How often idle connections were to close.</summary>
    [Id(6)]
    public int Evictions { get; init; }

    /// <summary>How often all connections were to be replaced.</summary>
    [Id(7)]
    public int Reconnects { get; init; }
}
