using System.Text.Json;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>All samples of a run, and what they come to.</summary>
internal sealed class Results
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly List<Sample> _samples = [];

    public void Add(Sample sample) => _samples.Add(sample);

    /// <summary>A row for each path and concurrency, in the order in which they were measured first.</summary>
    public IReadOnlyList<ResultRow> Rows() =>
        [.. _samples.GroupBy(s => (s.Concurrency, s.Path)).Select(group => Row(group.Key.Path, group.Key.Concurrency, [.. group]))];

    /// <summary>How far the slices of one row lie apart: the distance from the slowest to the fastest, over their median.</summary>
    public double Spread(ResultRow row)
    {
        var rates = _samples.Where(s => s.Path == row.Path && s.Concurrency == row.Concurrency).Select(s => s.Slice.Rate).ToList();
        return (rates.Max() - rates.Min()) / Median(rates);
    }

    /// <summary>The rows as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(Rows(), _json);

    private ResultRow Row(string path, int concurrency, List<Sample> samples)
    {
        var rps = Median(samples.Select(s => s.Slice.Rate));
        var direct = _samples.Where(s => s.Path == DirectPath.DirectName && s.Concurrency == concurrency).Select(s => s.Slice.Rate).ToList();
        return new ResultRow(
            path,
            concurrency,
            Math.Round(rps, 1),
            direct.Count == 0 ? null : Math.Round(rps / Median(direct), 3),
            samples.Exists(s => s.CpuUsPerCall is null) ? null : Math.Round(Median(samples.Select(s => s.CpuUsPerCall!.Value)), 1),
            Math.Round(Median(samples.Select(s => s.Slice.P50Us)), 1),
            Math.Round(Median(samples.Select(s => s.Slice.P99Us)), 1));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
