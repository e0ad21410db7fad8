namespace OrleansPool.Grains.Abstractions;

/// <summary>What a silo knows, for people to look at.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.ReportMessage")]
public sealed class ReportMessage
{
    /// <summary>The engine's report as JSON, compared by nobody: it may differ from version to version.</summary>
    [Id(0)]
    public required byte[] Json { get; init; }
}
