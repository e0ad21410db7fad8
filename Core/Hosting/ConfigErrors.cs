namespace OrleansPool.Core.Hosting;

/// <summary>Collects everything that is wrong with a configuration, so that the operator sees all of it at once.</summary>
public sealed class ConfigErrors
{
    private readonly List<string> _errors = [];

    /// <summary>What was found, in order.</summary>
    public IReadOnlyList<string> All => _errors;

    /// <summary>Notes a mistake: where, what stands there, what is allowed.</summary>
    public void Add(string path, object? value, string allowed) => _errors.Add($"{path} = {Show(value)}: {allowed}.");

    /// <summary>Notes a mistake when <paramref name="value"/> is outside the range.</summary>
    public void Range<T>(string path, T value, T least, T most, string unit = "")
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) Add(path, value, $"allowed are {Show(least)} to {Show(most)}{unit}");
    }

    /// <summary>The same for a number where zero has a meaning of its own.</summary>
    public void RangeOrZero(string path, double value, double least, double most, string zeroMeans)
    {
        if (value != 0 && (value < least || value > most)) Add(path, value, $"allowed are {Show(least)} to {Show(most)}, or 0 for {zeroMeans}");
    }

    /// <summary>The same for a time where zero has a meaning of its own.</summary>
    public void RangeOrZero(string path, TimeSpan value, TimeSpan least, TimeSpan most, string zeroMeans)
    {
        if (value != TimeSpan.Zero && (value < least || value > most)) Add(path, value, $"allowed are {least} to {most}, or 00:00:00 for {zeroMeans}");
    }

    /// <summary>Throws all of it, if there is any.</summary>
    /// <exception cref="InvalidConfigurationException">There was at least one mistake.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new InvalidConfigurationException(_errors);
    }

    private static string Show(object? value) => value switch
    {
        null => "(nothing)",
        string text => $"\"{text}\"",
        _ => FormattableString.Invariant($"{value}"),
    };
}
