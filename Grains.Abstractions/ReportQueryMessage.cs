namespace OrleansPool.Grains.Abstractions;

/// <summary>What a silo is asked for.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.ReportQueryMessage")]
public sealed class ReportQueryMessage
{
    /// <summary>The engine's query as JSON.</summary>
    [Id(0)]
    public required byte[] Json { get; init; }
}
