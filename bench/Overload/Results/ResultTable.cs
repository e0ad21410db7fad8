namespace OrleansPool.Bench.Overload.Results;

/// <summary>The results for a person.</summary>
internal static class ResultTable
{
    /// <summary>The line above the rows.</summary>
    public const string Heading = "contender    load  goodput   p50 ms   p99 ms   limit  most in flight";

    /// <summary>One row.</summary>
    public static string Line(PhaseRow row) =>
        $"{row.Contender,-10}{row.Load,6:F1}x{row.Goodput,9:F3}{row.P50Ms,9:F0}{row.P99Ms,9:F0}{row.MedianLimit,8}{row.PeakInFlight,16}";
}
