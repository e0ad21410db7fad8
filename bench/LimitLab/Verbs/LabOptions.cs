using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansPool.Bench.LimitLab.Peers;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Bench.LimitLab.Verbs;

/// <summary>The flags.</summary>
internal static class LabOptions
{
    public static readonly Option<FileInfo?> Json = new("--json") { Description = "Write a row for each run there." };

    public static readonly Option<FileInfo?> Html = new("--html") { Description = "Write a report with a chart for each scenario there." };

    public static readonly Option<bool> Check = new("--check") { Description = "Hold adaptive against the bars of docs/lab.md; each one missed is named, and the exit code is 1." };

    public static readonly Option<bool> CostOfControl = new("--control-plane") { Description = "Measure messages and bytes between holders and budget instead, at 1, 8 and 64 holders." };

    private static readonly Option<string[]> _scenarios = new("--scenario")
    {
        Description = $"Scenarios to run, with commas between. Default: all of {string.Join(',', ScenarioLibrary.Names)}.",
        CustomParser = result => Names(result, ScenarioLibrary.Names),
    };

    private static readonly Option<FileInfo[]> _files = new("--scenario-file") { Description = "A scenario of your own, as JSON; docs/lab.md has the schema. May be given more than once." };

    private static readonly Option<string[]> _laws = new("--law")
    {
        Description = $"Laws to try, with commas between, of {string.Join(',', LabLaws.Names)}. Default: all but fixed; in a quick run adaptive.",
        CustomParser = result => Names(result, LabLaws.Names),
    };

    private static readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "cluster: one limit for all holders. local: each holder finds its own. Default: cluster for adaptive, both for its peers.",
        CustomParser = result => Names(result, ["cluster", "local"]),
    };

    private static readonly Option<int[]> _nodes = new("--nodes") { Description = "Holders, 1 to 1000, with commas between. Default: the scenario's.", CustomParser = result => Numbers(result, 1000) };

    private static readonly Option<int[]> _slots = new("--slots") { Description = "Slots of the upstream, 1 to 100000, with commas between. Default: the scenario's.", CustomParser = result => Numbers(result, 100_000) };

    private static readonly Option<int[]> _seeds = new("--seeds") { Description = "Seeds for each case, 1 to 100, half of them unseen in tuning. Default: 8, for peers 2.", CustomParser = result => Numbers(result, 100) };

    private static readonly Option<bool> _tuning = new("--tuning") { Description = "Take only seeds that a law may be tuned on." };

    private static readonly Option<bool> _quick = new("--quick") { Description = "Shorter phases, the usual size, adaptive only: less than a minute." };

    public static IReadOnlyList<Option> All { get; } = [_scenarios, _files, _laws, _scopes, _nodes, _slots, _seeds, _tuning, _quick, Json, Html, Check, CostOfControl];

    /// <exception cref="ScenarioException">A file is no scenario.</exception>
    public static Selection Selected(ParseResult parsed)
    {
        var files = parsed.GetValue(_files) ?? [];
        var named = parsed.GetValue(_scenarios) ?? [];
        var names = named.Length == 0 && files.Length == 0 ? ScenarioLibrary.Names : named;
        return new Selection
        {
            Scenarios = [.. names.Select(ScenarioLibrary.Load), .. files.Select(file => ScenarioReader.Read(File.ReadAllText(file.FullName), file.Name))],
            Laws = parsed.GetValue(_laws) ?? [],
            Scopes = [.. (parsed.GetValue(_scopes) ?? []).Select(scope => scope == "local" ? Scope.Local : Scope.Cluster)],
            Nodes = parsed.GetValue(_nodes) ?? [],
            Slots = parsed.GetValue(_slots) ?? [],
            Seeds = parsed.GetValue(_seeds) is { Length: > 0 } seeds ? seeds[0] : null,
            OnlySeen = parsed.GetValue(_tuning),
            IsQuick = parsed.GetValue(_quick),
        };
    }

    private static string[] Names(ArgumentResult result, IReadOnlyList<string> known)
    {
        var names = Split(result).ToArray();
        foreach (var unknown in names.Except(known, StringComparer.Ordinal)) result.AddError($"{Option(result)}: there is no '{unknown}'; there are {string.Join(',', known)}");
        return names;
    }

    private static int[] Numbers(ArgumentResult result, int most)
    {
        var numbers = new List<int>();
        foreach (var item in Split(result))
        {
            if (int.TryParse(item, out var number) && number >= 1 && number <= most) numbers.Add(number);
            else result.AddError($"{Option(result)}: '{item}' is not a number from 1 to {most}");
        }

        return [.. numbers];
    }

    private static string Option(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : "";

    private static IEnumerable<string> Split(ArgumentResult result) => result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries));
}
