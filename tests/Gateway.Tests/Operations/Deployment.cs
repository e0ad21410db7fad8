using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>The files under deploy/ that others run the pool with.</summary>
internal static partial class Deployment
{
    // What Grafana fills in: any endpoint, and a time of a few scrapes.
    private static readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal) { ["$endpoint"] = ".*", ["$__rate_interval"] = "20s" };

    public static string Root { get; } = BuiltFiles.RootOfSelf() ?? throw new InvalidOperationException("These tests were not built in a checkout.");

    public static string Folder { get; } = Path.Combine(Root, "deploy");

    /// <summary>The dashboards' files.</summary>
    public static IEnumerable<string> Dashboards => Directory.EnumerateFiles(Path.Combine(Folder, "grafana", "dashboards"), "*.json").Order(StringComparer.Ordinal);

    /// <summary>The names of all alerts, in their order.</summary>
    public static IReadOnlyList<string> Alerts => [.. AlertName().Matches(Read("prometheus/alerts.yml")).Select(match => match.Groups["name"].Value)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    /// <summary>The queries of a dashboard, each with its panel.</summary>
    public static IEnumerable<(string Panel, string Query)> Queries(string dashboard)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(dashboard));
        foreach (var panel in document.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (!panel.TryGetProperty("targets", out var targets)) continue;
            foreach (var target in targets.EnumerateArray()) yield return ($"{Path.GetFileName(dashboard)}: {panel.GetProperty("title")}", Filled(target.GetProperty("expr").GetString()!));
        }
    }

    /// <summary>What the alerts look at: the series, without what is asked of them.</summary>
    public static IEnumerable<string> AlertSelectors()
    {
        var rules = Grouping().Replace(string.Join('\n', Read("prometheus/alerts.yml").Split('\n').Where(line => !Prose().IsMatch(line))), "");
        return Selector().Matches(rules).Select(match => match.Value).Distinct(StringComparer.Ordinal);
    }

    private static string Filled(string query) => _variables.Aggregate(query, (text, variable) => text.Replace(variable.Key, variable.Value, StringComparison.Ordinal));

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\s*(#|summary:|runbook_url:|labels:|- alert:|- name:)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prose();

    [GeneratedRegex(@"\bby \([^)]*\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b(orleanspool_\w+|rpc_client_\w+|up)(\{[^}]*\})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Selector();
}
