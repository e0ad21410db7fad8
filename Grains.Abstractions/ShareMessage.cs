namespace OrleansPool.Grains.Abstractions;

/// <summary>A share, and what goes with it; the meaning of each part is that of the engine's RenewReply.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.ShareMessage")]
public sealed class ShareMessage
{
    /// <summary>Number of the request that it answers.</summary>
    [Id(0)]
    public long Number { get; init; }

    /// <summary>The authority's epoch.</summary>
    [Id(1)]
    public long Epoch { get; init; }

    /// <summary>Calls in flight at most.</summary>
    [Id(2)]
    public int Permits { get; init; }

    /// <summary>Connections at most.</summary>
    [Id(3)]
    public int Connections { get; init; }

    /// <summary>Connections it may keep when nobody grants.</summary>
    [Id(4)]
    public int Floor { get; init; }

    /// <summary>Calls in flight at most when nobody grants.</summary>
    [Id(5)]
    public int FloorPermits { get; init; }

    /// <summary>How long the share lasts from the sending of the request.</summary>
    [Id(6)]
    public TimeSpan TimeToLive { get; init; }

    /// <summary>When to ask again at the latest.</summary>
    [Id(7)]
    public TimeSpan RenewAfter { get; init; }

    /// <summary>The limit for all silos together.</summary>
    [Id(8)]
    public int Limit { get; init; }

    /// <summary>Silos to forward calls to, best first; null when it has a share of its own.</summary>
    [Id(9)]
    public string[]? ForwardTo { get; init; }

    /// <summary>Its turn among the holders, from 0 to below 1.</summary>
    [Id(10)]
    public double Turn { get; init; }

    /// <summary>What operators told the endpoint; null for nothing.</summary>
    [Id(11)]
    public OrdersMessage? Orders { get; init; }
}
