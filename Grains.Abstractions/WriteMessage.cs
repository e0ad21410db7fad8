namespace OrleansPool.Grains.Abstractions;

/// <summary>A piece of a request's body.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.WriteMessage")]
public sealed class WriteMessage
{
    /// <summary>Key of the stream.</summary>
    [Id(0)]
    public Guid Stream { get; init; }

    /// <summary>The bytes, at most <see cref="WireLimits.MaxBodyBytes"/>.</summary>
    [Id(1)]
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>True for the last piece.</summary>
    [Id(2)]
    public bool IsLast { get; init; }
}
