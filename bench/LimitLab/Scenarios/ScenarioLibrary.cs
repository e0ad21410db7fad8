using System.Reflection;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>The scenarios that the lab brings along, B1 to B14 with their variants.</summary>
internal static class ScenarioLibrary
{
    private const string Suffix = ".json";

    public static IReadOnlyList<string> Names { get; } =
        [.. Resources().OrderBy(name => int.Parse(new string([.. name.Skip(1).TakeWhile(char.IsAsciiDigit)]))).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>The scenario of a name that is one of <see cref="Names"/>.</summary>
    public static Scenario Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + Suffix) ?? throw new ArgumentException($"There is no scenario {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return ScenarioReader.Read(reader.ReadToEnd(), name);
    }

    private static IEnumerable<string> Resources() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).Select(name => name[..^Suffix.Length]);
}
