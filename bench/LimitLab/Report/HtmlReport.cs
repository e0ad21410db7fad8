using System.Reflection;
using System.Text.Json;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Runs;

namespace OrleansPool.Bench.LimitLab.Report;

/// <summary>One page with everything in it: it opens without a network.</summary>
internal static class HtmlReport
{
    private const int MostPoints = 300;
    private const string Placeholder = "\"DATA\"";
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <param name="results">For the tables.</param>
    /// <param name="drawn">For the charts: of these, those that kept what they saw.</param>
    public static string Of(IReadOnlyList<Result> results, IReadOnlyList<Result> drawn)
    {
        var traced = drawn.Where(result => result.Trace is not null).ToLookup(result => result.Plan.Scenario.Name, StringComparer.Ordinal);
        var scenarios = results.GroupBy(result => result.Plan.Scenario.Name).Where(group => traced.Contains(group.Key)).Select(group => Scenario([.. group], [.. traced[group.Key]]));
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace(Placeholder, JsonSerializer.Serialize(scenarios, _options), StringComparison.Ordinal);
    }

    private static object Scenario(List<Result> results, List<Result> drawn)
    {
        var first = drawn[0];
        var shown = drawn.Where(result => (result.Plan.Slots, result.Plan.Nodes) == (first.Plan.Slots, first.Plan.Nodes));
        var every = (first.Trace!.Ticks.Count + MostPoints - 1) / MostPoints;
        var ticks = first.Trace.Ticks.Chunk(every).ToList();
        var timeline = first.Timeline;
        return new
        {
            first.Plan.Scenario.Name,
            first.Plan.Scenario.Title,
            Points = ticks.Count,
            Seconds = Math.Round(first.Trace.Ticks[^1].At.TotalSeconds),
            Optimum = ticks.Select(chunk => Math.Round(timeline.Optima[chunk[^1].Phase].InFlight, 1)),
            Expected = ticks.Select(chunk => Math.Round(timeline.Optima[chunk[^1].Phase].Expect(chunk.Average(t => t.Offered) / Trace.Step.TotalSeconds), 1)),
            Faults = Faults(ticks, timeline),
            Laws = shown.Select(result => Law(result, every)),
            Rows = results.GroupBy(result => result.Plan.Case).Select(Row),
        };
    }

    private static object Law(Result result, int every)
    {
        var chunks = result.Trace!.Ticks.Chunk(every).ToList();
        return new
        {
            result.Plan.Law,
            Scope = result.Plan.Scope.ToString().ToLowerInvariant(),
            Limit = chunks.Select(chunk => Math.Round(chunk.Average(t => t.Limit), 1)),
            InFlight = chunks.Select(chunk => Math.Round(chunk.Average(t => t.InFlight), 1)),
            Time = chunks.Select(chunk => ResponseTime(chunk)),
            Good = chunks.Select(chunk => Math.Round(chunk.Average(t => t.Good) / Trace.Step.TotalSeconds, 1)),
        };
    }

    private static double? ResponseTime(TraceTick[] chunk)
    {
        var times = chunk.Where(t => t.ResponseTime > TimeSpan.Zero).ToList();
        return times.Count == 0 ? null : Math.Round(times.Average(t => t.ResponseTime.TotalMilliseconds), 1);
    }

    private static List<int[]> Faults(List<TraceTick[]> ticks, Timeline timeline)
    {
        var faults = new List<int[]>();
        for (var i = 0; i < ticks.Count; i++)
        {
            if (!timeline.IsFaultAt(ticks[i][0].At)) continue;
            if (faults.Count > 0 && faults[^1][1] == i) faults[^1][1] = i + 1;
            else faults.Add([i, i + 1]);
        }

        return faults;
    }

    private static object Row(IGrouping<(string Scenario, string Law, Scope Scope, int Slots, int Nodes), Result> group)
    {
        var worst = Worst.Of([.. group.Select(result => result.Figures)]);
        return new
        {
            group.Key.Law,
            Scope = group.Key.Scope.ToString().ToLowerInvariant(),
            group.Key.Slots,
            group.Key.Nodes,
            Seeds = group.Count(),
            Figures = FigureNames.Of(worst).ToDictionary(pair => pair.Name, pair => double.IsFinite(pair.Value) ? Math.Round(pair.Value, 4) : (double?)null),
        };
    }
}
