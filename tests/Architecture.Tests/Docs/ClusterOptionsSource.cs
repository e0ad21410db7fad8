using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>
/// The options of silo and cluster client as their source has them: these projects need packages that not every feed has, so nothing of them can be loaded.
/// </summary>
internal sealed class ClusterOptionsSource
{
    public const string ClusterSection = "OrleansPool:Cluster";
    public const string ClientSection = "OrleansPoolClientOptions";

    private static readonly Regex _property = new(@"public (?<type>[\w?]+) (?<name>\w+) \{ get; set; \}( = (?<value>[^;]+);)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex _range = new(@"errors\.Range\((\$""\{Section\}:|nameof\()(?<name>\w+)[^,]*, [^,]+, (?<least>[^,]+), (?<most>.+)\);", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex _time = new(@"^TimeSpan\.From(?<unit>\w+)\((?<number>[\d.]+)\)$", RegexOptions.NonBacktracking);

    private static readonly Regex _member = new(@"^[A-Z]\w+\.", RegexOptions.NonBacktracking);

    private ClusterOptionsSource(string section, string path)
    {
        var text = Repository.Read(path);
        var ranges = _range.Matches(text).ToDictionary(match => match.Groups["name"].Value, match => $"{InNotation(match.Groups["least"].Value)} to {InNotation(match.Groups["most"].Value)}");
        Options = _property.Matches(text).ToDictionary(
            match => $"{section}:{match.Groups["name"].Value}",
            match => (InNotation(match.Groups["value"].Value), ranges.GetValueOrDefault(match.Groups["name"].Value)));
    }

    /// <summary>Default and range by key path, as docs/options.md writes them.</summary>
    public static IReadOnlyDictionary<string, (string Default, string? Range)> All { get; } = new[]
    {
        new ClusterOptionsSource(ClusterSection, "Silo/ClusterOptions.cs"),
        new ClusterOptionsSource(ClientSection, "Client/Hosting/OrleansPoolClientOptions.cs"),
    }.SelectMany(source => source.Options).ToDictionary();

    private Dictionary<string, (string Default, string? Range)> Options { get; }

    private static string InNotation(string code)
    {
        if (code.Length == 0) return "none";
        var time = _time.Match(code);
        if (!time.Success) return _member.Replace(code.Trim('"'), "");
        return time.Groups["number"].Value + time.Groups["unit"].Value switch
        {
            "Milliseconds" => " ms",
            "Seconds" => " s",
            "Minutes" => " min",
            var unit => throw new InvalidOperationException($"No notation for {unit}."),
        };
    }
}
