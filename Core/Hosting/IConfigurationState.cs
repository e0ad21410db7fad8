namespace OrleansPool.Core.Hosting;

/// <summary>The configuration of this host as it stands, and what became of its last change. Thread-safe.</summary>
public interface IConfigurationState
{
    /// <summary>What became of the last change, or of the start.</summary>
    ReloadResult Last { get; }

    /// <summary>What is configured now, by key; options that are not listed have their defaults.</summary>
    IReadOnlyList<ConfiguredSetting> Settings { get; }

    /// <summary>Reads all sources anew and looks at what they say, as when one of them had told of a change. Says what became of it.</summary>
    Task<ReloadResult> ReloadAsync(CancellationToken cancellation);
}
