namespace OrleansPool.Grains.Abstractions;

/// <summary>The answer to <see cref="WriteMessage"/>.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.WrittenMessage")]
public sealed class WrittenMessage
{
    /// <summary>Why writing on is pointless; null when there is room for the next piece.</summary>
    [Id(0)]
    public FailureMessage? Failure { get; init; }
}
