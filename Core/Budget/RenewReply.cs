namespace OrleansPool.Core.Budget;

/// <summary>The authority's answer: a share, for a time that the holder counts from the moment it sent the request (rule age_from_send).</summary>
public sealed record RenewReply
{
    /// <summary>Number of the request that it answers.</summary>
    public required long Number { get; init; }

    /// <summary>The authority's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Calls in flight at most.</summary>
    public required int Permits { get; init; }

    /// <summary>Connections at most.</summary>
    public required int Connections { get; init; }

    /// <summary>Connections that the holder may keep when its lease has ended and nobody grants.</summary>
    public required int Floor { get; init; }

    /// <summary>Calls in flight at most once the lease has ended and nobody grants.</summary>
    public int FloorPermits { get; init; }

    /// <summary>
    /// Where this holder's turn begins in what all do one after the other, from 0 to below 1: the part of the cap that those before it have. So what each does at its
    /// turn is spread evenly over all, weighed by connections.
    /// </summary>
    public double Turn { get; init; }

    /// <summary>How long the share lasts from the sending of the request.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary>When to ask again at the latest.</summary>
    public required TimeSpan RenewAfter { get; init; }

    /// <summary>The limit for all holders together, for the caller's messages and admin.</summary>
    public required int Limit { get; init; }

    /// <summary>Holders with a share to forward calls to, best first; empty where this holder has one of its own.</summary>
    public IReadOnlyList<string> ForwardTo { get; init; } = [];

    /// <summary>What operators told the endpoint.</summary>
    public Orders Orders { get; init; } = Orders.None;
}
