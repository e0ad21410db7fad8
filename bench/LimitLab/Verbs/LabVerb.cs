using System.CommandLine;
using OrleansPool.Bench.LimitLab.Bars;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Report;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Verbs;

/// <summary>The lab as its user sees it.</summary>
internal static class LabVerb
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    public static RootCommand Create()
    {
        var verb = new RootCommand("Tries limit laws and the budget's leases against simulated upstreams, in virtual time. docs/lab.md says how to read it.");
        foreach (var option in LabOptions.All) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return verb;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            if (parsed.GetValue(LabOptions.CostOfControl))
            {
                ControlPlane.Run(Console.Out, parsed.GetValue(LabOptions.Json), cancellation);
                return 0;
            }

            var selection = LabOptions.Selected(parsed);
            var html = parsed.GetValue(LabOptions.Html);
            var plans = selection.Plans();
            var charts = html is null ? [] : Selection.ChartPlans(plans);
            var all = Execute([.. plans, .. charts], html is not null, cancellation);
            var results = all.Take(plans.Count).ToList();
            ResultTable.Write(Console.Out, results);
            if (parsed.GetValue(LabOptions.Json) is { } json) File.WriteAllText(json.FullName, JsonRows.Of(results));
            if (html is not null) File.WriteAllText(html.FullName, HtmlReport.Of(results, all));
            return parsed.GetValue(LabOptions.Check) ? Check(results) : 0;
        }
        catch (Exception e) when (e is ScenarioException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"lab: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("lab: interrupted.");
            return Interrupted;
        }
    }

    private static int Check(IReadOnlyList<Result> results)
    {
        if (!results.Any(result => result.Plan is { Law: LimitLaws.Default, Scope: Scope.Cluster }))
        {
            Console.Error.WriteLine("lab: --check has nothing to hold against the bars; run adaptive with scope cluster, too.");
            return Failed;
        }

        var lines = BarCheck.Of(results, Acceptance.All, out var isMissed);
        Console.Out.WriteLine();
        foreach (var line in lines) Console.Out.WriteLine(line);
        Console.Out.WriteLine(isMissed ? "Bars were missed: see above." : "All bars hold, or are missed by no more than is accepted.");
        return isMissed ? Failed : 0;
    }

    private static IReadOnlyList<Result> Execute(IReadOnlyList<RunPlan> plans, bool keepsTraces, CancellationToken cancellation)
    {
        var progress = new Progress(Console.Error, Console.IsErrorRedirected);
        var batch = new Batch(new Oracle(), plan => keepsTraces && plan is { Seed: 1, IsQuick: true }, progress.Show);
        var results = batch.Execute(plans, cancellation);
        progress.End();
        return results;
    }
}
