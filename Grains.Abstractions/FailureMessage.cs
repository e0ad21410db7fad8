namespace OrleansPool.Grains.Abstractions;

/// <summary>A failure of a call, as a value: no exception crosses the wire.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.FailureMessage")]
public sealed class FailureMessage
{
    /// <summary>The engine's failure code.</summary>
    [Id(0)]
    public int Code { get; init; }

    /// <summary>The engine's stage.</summary>
    [Id(1)]
    public int Stage { get; init; }

    /// <summary>gRPC status for the caller.</summary>
    [Id(2)]
    public int GrpcStatus { get; init; }

    /// <summary>Text for a person.</summary>
    [Id(3)]
    public required string Detail { get; init; }

    /// <summary>How long a retry should wait at least, where that is known.</summary>
    [Id(4)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Silos that have a share of the endpoint's limit, where this one has none; else null.</summary>
    [Id(5)]
    public string[]? Holders { get; init; }
}
