namespace OrleansPool.Grains.Abstractions;

/// <summary>A piece of a response: the head (once, first), bytes, and the end, which is trailers or a failure.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.PieceMessage")]
public sealed class PieceMessage
{
    /// <summary>HTTP status, with the head; else 0.</summary>
    [Id(0)]
    public int Status { get; init; }

    /// <summary>Alternating names and values, with the head; else null.</summary>
    [Id(1)]
    public string[]? Headers { get; init; }

    /// <summary>The next bytes; none when nothing came in time.</summary>
    [Id(2)]
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Alternating names and values at the proper end; else null.</summary>
    [Id(3)]
    public string[]? Trailers { get; init; }

    /// <summary>Why nothing more will come; else null.</summary>
    [Id(4)]
    public FailureMessage? Failure { get; init; }
}
