using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Live;

/// <summary>
/// An endpoint's last 15 minutes over all hosts, column by column, the oldest second first. Calls add up; of response times the median is that of the hosts'
/// medians, weighed by their calls, and the 99th percentile is the worst host's.
/// </summary>
internal sealed record HistoryPicture
{
    // A cell of the heat map: 15 s, as one second is too small to be seen.
    private const int HeatStep = 15;

    /// <summary>A host's share of the limit, cell by cell; null where it is not known.</summary>
    internal sealed record HeatRow(string Holder, IReadOnlyList<int?> Permits, IReadOnlyList<double?> InFlight);

    public required string Name { get; init; }

    public required IReadOnlyList<int> Ago { get; init; }

    public required IReadOnlyList<double> Calls { get; init; }

    public required IReadOnlyList<double> Failed { get; init; }

    public required IReadOnlyList<double> InFlight { get; init; }

    public required IReadOnlyList<double> Waiting { get; init; }

    public required IReadOnlyList<int> Limit { get; init; }

    public required IReadOnlyList<double?> P50 { get; init; }

    public required IReadOnlyList<double?> P99 { get; init; }

    public required IReadOnlyList<HeatRow> Heat { get; init; }

    public static HistoryPicture Of(string name, ClusterReport report)
    {
        var seconds = report.Hosts.SelectMany(host => host.Endpoints).SelectMany(endpoint => endpoint.History).GroupBy(point => point.SecondsAgo).OrderByDescending(second => second.Key)
            .Select(second => (Ago: second.Key, Points: second.ToList())).ToList();
        return new HistoryPicture
        {
            Name = name,
            Ago = [.. seconds.Select(second => second.Ago)],
            Calls = Sums(seconds, point => point.Calls),
            Failed = Sums(seconds, point => point.Failed),
            InFlight = Sums(seconds, point => point.InFlight),
            Waiting = Sums(seconds, point => point.Waiting),
            Limit = [.. seconds.Select(second => second.Points.Max(point => point.Limit))],
            P50 = [.. seconds.Select(second => Median(second.Points))],
            P99 = [.. seconds.Select(second => second.Points.Max(point => point.P99))],
            Heat = [.. report.Hosts.SelectMany(host => host.Endpoints.Select(endpoint => HeatOf(host.Name, endpoint.History)))],
        };
    }

    private static List<double> Sums(List<(int Ago, List<HistoryPoint> Points)> seconds, Func<HistoryPoint, double> value) =>
        [.. seconds.Select(second => Math.Round(second.Points.Sum(value), 2))];

    private static double? Median(List<HistoryPoint> points)
    {
        var (weight, sum) = (0.0, 0.0);
        foreach (var point in points.Where(point => point.P50 is not null)) (weight, sum) = (weight + point.Calls, sum + (point.Calls * point.P50!.Value));
        return weight > 0 ? Math.Round(sum / weight, 2) : null;
    }

    private static HeatRow HeatOf(string host, IReadOnlyList<HistoryPoint> points)
    {
        var cells = points.ToLookup(point => point.SecondsAgo / HeatStep);
        var steps = Enumerable.Range(0, CallHistory.Length / HeatStep).Reverse().Select(step => cells[step].ToList()).ToList();
        return new HeatRow(
            host, [.. steps.Select(cell => cell.Count == 0 ? (int?)null : cell[^1].Permits)], [.. steps.Select(cell => cell.Count == 0 ? (double?)null : Math.Round(cell.Average(point => point.InFlight), 1))]);
    }
}
