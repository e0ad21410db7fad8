namespace OrleansPool.Grains.Abstractions;

/// <summary>A holder's report and its request for a share; the meaning of each part is that of the engine's RenewRequest.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.RenewMessage")]
public sealed class RenewMessage
{
    /// <summary>Address at which silos talk to it, the same after a restart; from a client a name of its process.</summary>
    [Id(0)]
    public required string Holder { get; init; }

    /// <summary>Grows with each process at that address.</summary>
    [Id(1)]
    public long Generation { get; init; }

    /// <summary>Number of the request.</summary>
    [Id(2)]
    public long Number { get; init; }

    /// <summary>Epoch of the share in force; 0 for none.</summary>
    [Id(3)]
    public long Epoch { get; init; }

    /// <summary>The greater of its share and its open connections.</summary>
    [Id(4)]
    public int HeldConnections { get; init; }

    /// <summary>Connections it counts on when nobody can grant.</summary>
    [Id(5)]
    public int Floor { get; init; }

    /// <summary>Permits of its share.</summary>
    [Id(6)]
    public int HeldPermits { get; init; }

    /// <summary>Calls in flight.</summary>
    [Id(7)]
    public int InFlight { get; init; }

    /// <summary>Calls waiting.</summary>
    [Id(8)]
    public int Waiting { get; init; }

    /// <summary>Calls that arrived per second lately.</summary>
    [Id(9)]
    public double Rate { get; init; }

    /// <summary>Connections it is to keep open when nobody calls.</summary>
    [Id(10)]
    public int MinConnections { get; init; }

    /// <summary>What it saw since its last report; null when there is nothing to tell.</summary>
    [Id(11)]
    public LoadSampleMessage? Sample { get; init; }

    /// <summary>True in its last request.</summary>
    [Id(12)]
    public bool IsLeaving { get; init; }

    /// <summary>Connections at most over all holders, as its own configuration has it; 0 from a silo that does not tell.</summary>
    [Id(13)]
    public int Cap { get; init; }

    /// <summary>True from a client that holds connections itself.</summary>
    [Id(14)]
    public bool IsClient { get; init; }

    /// <summary>Whether it is shutting down, and takes no new calls.</summary>
    [Id(15)]
    public bool IsDraining { get; init; }

    /// <summary>The orders that the holder goes by; null for none.</summary>
    [Id(16)]
    public OrdersMessage? Orders { get; init; }
}
