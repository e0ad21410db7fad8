namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>The results for a person.</summary>
internal static class ResultTable
{
    private const string Heading = "at once  path                calls/s  of direct  CPU us/call   p50 us   p99 us  spread";

    /// <summary>Writes the table: for each concurrency a block, in it a line for each path.</summary>
    public static void Write(TextWriter output, Results results)
    {
        output.WriteLine(Heading);
        var block = 0;
        foreach (var row in results.Rows())
        {
            if (block != 0 && block != row.Concurrency) output.WriteLine();
            block = row.Concurrency;
            output.WriteLine(Line(row, results.Spread(row)));
        }
    }

    private static string Line(ResultRow row, double spread) =>
        $"{row.Concurrency,7}  {row.Path,-16}{row.Rps,11:N0}{row.RatioToDirect?.ToString("F3") ?? "-",11}{row.CpuUsPerCall?.ToString("F1") ?? "-",13}"
        + $"{row.P50Us,9:N0}{row.P99Us,9:N0}{spread,8:P0}";
}
