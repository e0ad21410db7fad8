namespace OrleansPool.Core.Hosting;

/// <summary>The configuration cannot be used. The message lists every mistake with its key, its value and what is allowed.</summary>
public sealed class InvalidConfigurationException(IReadOnlyList<string> errors)
    : Exception($"The configuration has {errors.Count} mistake(s). Mend them and start again; docs/options.md has every option.\n  - {string.Join("\n  - ", errors)}")
{
    /// <summary>One line a mistake.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
