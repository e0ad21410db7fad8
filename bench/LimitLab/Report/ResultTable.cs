using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Runs;

namespace OrleansPool.Bench.LimitLab.Report;

/// <summary>The results for a person: for each case the worst of its seeds, and of the drift the mean.</summary>
internal static class ResultTable
{
    private const string Heading = "scenario  law         scope    slots nodes seeds       G      P  Pwait     Tc      O   Ridle  Rqueued      J    Dr/h      Pr    Rec  over cap";

    public static void Write(TextWriter output, IReadOnlyList<Result> results)
    {
        output.WriteLine(Heading);
        var block = "";
        foreach (var group in results.GroupBy(result => result.Plan.Case))
        {
            if (block.Length > 0 && block != group.Key.Scenario) output.WriteLine();
            block = group.Key.Scenario;
            var (worst, key) = (Worst.Of([.. group.Select(result => result.Figures)]), group.Key);
            output.WriteLine(
                $"{key.Scenario,-10}{key.Law,-12}{key.Scope.ToString().ToLowerInvariant(),-8}{key.Slots,6}{key.Nodes,6}{group.Count(),6}"
                + $"{worst.G,8:F3}{Number(worst.P, 7)}{Number(worst.Pwait, 7)}{Number(worst.Tc, 7, "F1")}{Number(worst.O, 7)}{worst.Ridle,8:P1}{worst.Rqueued,9:P1}"
                + $"{Number(worst.J, 7, "F3")}{Number(worst.Dr, 8, "P1")}{worst.Pr,8:P2}{Number(worst.Rec, 7, "F1")}{worst.OverCap,10}");
        }
    }

    private static string Number(double value, int width, string format = "F2") => (double.IsNaN(value) ? "-" : value.ToString(format)).PadLeft(width);
}
