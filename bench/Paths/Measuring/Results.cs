using System.Text.Json;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>All samples of a run, and what they come to. Of each path and concurrency the calmest count, as many as there are rounds.</summary>
internal sealed class Results(int rounds)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly List<Sample> _samples = [];

    public void Add(Sample sample) => _samples.Add(sample);

    /// <summary>A row for each path and concurrency, in the order in which they were measured first.</summary>
    public IReadOnlyList<ResultRow> Rows() =>
        [.. _samples.Select(s => (s.Path, s.Calls, s.Concurrency)).Distinct().Select(key => Row(key.Path, key.Calls, key.Concurrency))];

    /// <summary>True when too few of its samples are calm.</summary>
    public bool IsDisturbed(string path, int concurrency) => Calmest(path, concurrency).Exists(s => !s.IsCalm);

    /// <summary>How far the slices of one row lie apart: the distance from the slowest to the fastest, over their median.</summary>
    public double Spread(ResultRow row)
    {
        var rates = Calmest(row.Path, row.Concurrency).ConvertAll(s => s.Slice.Rate);
        return (rates.Max() - rates.Min()) / Median(rates);
    }

    /// <summary>The rows as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(Rows(), _json);

    private ResultRow Row(string path, CallKind calls, int concurrency)
    {
        var samples = Calmest(path, concurrency);
        var rps = Median(samples.Select(s => s.Slice.Rate));
        var direct = Calmest(DirectPath.NameOf(calls), concurrency).ConvertAll(s => s.Slice.Rate);
        return new ResultRow(
            path,
            concurrency,
            Math.Round(rps, 1),
            direct.Count == 0 ? null : Math.Round(rps / Median(direct), 3),
            samples.Exists(s => s.CpuUsPerCall is null) ? null : Math.Round(Median(samples.Select(s => s.CpuUsPerCall!.Value)), 1),
            Math.Round(Median(samples.Select(s => s.Slice.P50Us)), 1),
            Math.Round(Median(samples.Select(s => s.Slice.P99Us)), 1));
    }

    private List<Sample> Calmest(string path, int concurrency) =>
        [.. _samples.Where(s => s.Path == path && s.Concurrency == concurrency).OrderBy(s => s.Others).Take(rounds)];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
