namespace OrleansPool.Grains.Abstractions;

/// <summary>The answer to <see cref="OpenMessage"/>.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.OpenedMessage")]
public sealed class OpenedMessage
{
    /// <summary>The run of the silo that holds the stream; see <see cref="BeatMessage.SiloRun"/>.</summary>
    [Id(0)]
    public int SiloRun { get; init; }

    /// <summary>Why the stream was not opened; null when it was.</summary>
    [Id(1)]
    public FailureMessage? Failure { get; init; }
}
