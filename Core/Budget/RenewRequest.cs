using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Budget;

/// <summary>A holder's report and its request for a share, in one message.</summary>
public sealed record RenewRequest
{
    /// <summary>The holder's address, the same after a restart; of a client a name of its process.</summary>
    public required string Holder { get; init; }

    /// <summary>Grows with each process at that address: a newer one proves that the old is gone, its sockets with it.</summary>
    public required long Generation { get; init; }

    /// <summary>Number of this request, growing across authorities (rule latest_only).</summary>
    public required long Number { get; init; }

    /// <summary>Epoch of the share in force; 0 for none.</summary>
    public long Epoch { get; init; }

    /// <summary>The greater of its share and its open connections, connecting and draining ones included (rule count_held).</summary>
    public int HeldConnections { get; init; }

    /// <summary>The floor it counts on when nobody can grant.</summary>
    public int Floor { get; init; }

    /// <summary>Permits of its share; 0 when that has ended.</summary>
    public int HeldPermits { get; init; }

    /// <summary>What it would use.</summary>
    public HolderDemand Demand { get; init; }

    /// <summary>What it saw since its last report; null when there is nothing to tell.</summary>
    public LoadSample? Sample { get; init; }

    /// <summary>True in its last request: all connections are closed, and nothing is wanted.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>
    /// True from a client that holds connections itself. It may go without ever coming back under that name, nobody can forward calls to it, and it has another way
    /// while it has no share: so it gets no floor and does not stand by.
    /// </summary>
    public bool IsClient { get; init; }

    /// <summary>The orders that it goes by, for an authority that has not heard of them yet; null for none.</summary>
    public Orders? Orders { get; init; }
}
