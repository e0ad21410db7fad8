using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Live;

/// <summary>
/// Makes one frame after the other of the cluster's reports. Not thread-safe.
/// </summary>
internal sealed class LiveFrames(IClusterReports reports)
{
    private const ReportParts OfAll = ReportParts.Budgets | ReportParts.Events;
    private const ReportParts OfOne = ReportParts.Addresses | ReportParts.Callers | ReportParts.Errors | ReportParts.Budgets;

    // The limit's trail has 60 steps over 15 minutes; whoever comes later in a long session gets the newest of them, too.
    private static readonly TimeSpan _trailLasts = TimeSpan.FromSeconds(15);

    private readonly EventFeed _events = new();
    private Dictionary<string, EndpointRow> _rows = new(StringComparer.Ordinal);
    private Dictionary<string, IReadOnlyList<int>> _trails = new(StringComparer.Ordinal);
    private TimeSpan _trailsAt = TimeSpan.MinValue;
    private long _number;

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The next one.</summary>
    public async Task<LiveFrame> NextAsync(IReadOnlyList<string> watched, TimeSpan now, CancellationToken cancellation)
    {
        var wantsTrails = now - _trailLasts >= _trailsAt;
        var asked = watched.Select(endpoint => reports.GatherAsync(new ReportQuery(OfOne, endpoint), cancellation).AsTask()).ToList();
        var report = await reports.GatherAsync(new ReportQuery(wantsTrails ? OfAll | ReportParts.Trail : OfAll), cancellation).ConfigureAwait(false);
        if (wantsTrails) (_trails, _trailsAt) = (TrailsOf(report), now);
        var ones = await Task.WhenAll(asked).ConfigureAwait(false);
        return Make(report, watched.Zip(ones).ToDictionary(one => one.First, one => Write(EndpointPicture.Of(one.First, one.Second)), StringComparer.OrdinalIgnoreCase));
    }

    private LiveFrame Make(ClusterReport report, Dictionary<string, byte[]> endpoints)
    {
        var picture = ClusterPicture.Of(report);
        var added = _events.Take(report);
        var changed = picture.Rows.Where(row => _rows.GetValueOrDefault(row.Name) != row).ToList();
        var gone = _rows.Keys.Except(picture.Rows.Select(row => row.Name), StringComparer.Ordinal).ToList();
        _rows = picture.Rows.ToDictionary(row => row.Name, StringComparer.Ordinal);
        return new LiveFrame(
            ++_number,
            Write(new { isWhole = true, cluster = picture.Header, rows = picture.Rows, events = _events.Latest, trails = _trails }),
            Write(new { cluster = picture.Header, rows = changed, gone, events = added }),
            endpoints);
    }

    private static Dictionary<string, IReadOnlyList<int>> TrailsOf(ClusterReport report) => report.Hosts.SelectMany(host => host.Endpoints).Where(endpoint => endpoint.LimitTrail.Count > 0)
        .GroupBy(endpoint => endpoint.Name, StringComparer.Ordinal)
        .ToDictionary(endpoint => endpoint.Key, endpoint => (IReadOnlyList<int>)[.. Enumerable.Range(0, endpoint.First().LimitTrail.Count).Select(step => endpoint.Max(host => host.LimitTrail.ElementAtOrDefault(step)))], StringComparer.Ordinal);

    private static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);
}
