namespace OrleansPool.Grains.Abstractions;

/// <summary>The answer to a <see cref="CallMessage"/>: its beginning, or all of it.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.ReplyMessage")]
public sealed class ReplyMessage
{
    /// <summary>The run of the silo that answers; see <see cref="BeatMessage.SiloRun"/>.</summary>
    [Id(0)]
    public int SiloRun { get; init; }

    /// <summary>Head, first bytes, and the end if it came.</summary>
    [Id(1)]
    public required PieceMessage First { get; init; }

    /// <summary>Stream with the rest, to be read from <see cref="IStreamGrain"/> of the same key; null when there is none.</summary>
    [Id(2)]
    public Guid? Rest { get; init; }
}
