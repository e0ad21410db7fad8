namespace OrleansPool.Core.Hosting;

/// <summary>What became of a configuration that changed while the host runs. Immutable.</summary>
/// <param name="Version">Of the configuration in force: 1 for that of the start, one more with each that was applied.</param>
/// <param name="At">When it was looked at.</param>
/// <param name="IsApplied">False when it was refused, and the one before stays in force.</param>
public sealed record ReloadResult(int Version, DateTimeOffset At, bool IsApplied)
{
    /// <summary>What changed and is in force now, each as <c>key = value</c>.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Keys that changed since the start and hold from the next start only.</summary>
    public IReadOnlyList<string> NeedRestart { get; init; } = [];

    /// <summary>Why it was refused: all mistakes.</summary>
    public IReadOnlyList<string> Mistakes { get; init; } = [];
}
