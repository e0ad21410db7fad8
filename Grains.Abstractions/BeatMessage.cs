namespace OrleansPool.Grains.Abstractions;

/// <summary>Which silo a lane leads to right now.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.BeatMessage")]
public sealed class BeatMessage
{
    /// <summary>Drawn at random when the silo's process started: another number is another process, even at the same address.</summary>
    [Id(0)]
    public int SiloRun { get; init; }

    /// <summary>The silo's gateway as <c>ip:port</c>, as its clients connect to it.</summary>
    [Id(1)]
    public required string Gateway { get; init; }
}
