namespace OrleansPool.Grains.Abstractions;

/// <summary>A request with its whole body.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.CallMessage")]
public sealed class CallMessage
{
    /// <summary>HTTP method.</summary>
    [Id(0)]
    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    [Id(1)]
    public required string Target { get; init; }

    /// <summary>Alternating names and values.</summary>
    [Id(2)]
    public required string[] Headers { get; init; }

    /// <summary>False for a request that has no body at all.</summary>
    [Id(3)]
    public bool HasBody { get; init; }

    /// <summary>The body, at most <see cref="WireLimits.MaxBodyBytes"/>.</summary>
    [Id(4)]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when another silo forwarded the call for its share; it is not forwarded again.</summary>
    [Id(5)]
    public bool IsForwarded { get; init; }

    /// <summary>Of a call from another silo: the time it has left; null for no deadline, or when it is as the headers say.</summary>
    [Id(6)]
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>Who calls: what the client process says of itself; null when nobody said.</summary>
    [Id(7)]
    public string? ClientId { get; init; }

    /// <summary>True when the client knows of no silo that stays: one that shuts down hands the call over to another instead of turning it away.</summary>
    [Id(8)]
    public bool MayBeHandedOver { get; init; }
}
