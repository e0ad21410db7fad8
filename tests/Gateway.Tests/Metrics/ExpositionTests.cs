using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OrleansPool.Gateway.Metrics;

namespace OrleansPool.Gateway.Tests.Metrics;

/// <summary>The two text formats, to the byte.</summary>
public sealed class ExpositionTests : IDisposable
{
    private readonly Meter _meter = new($"exposition-{Guid.NewGuid()}");
    private readonly ScrapeExporter _exporter = new();
    private readonly MeterProvider _provider;

    public ExpositionTests() => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter(_meter.Name)
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("pool", serviceInstanceId: "one", autoGenerateServiceInstanceId: false))
        .SetExemplarFilter(ExemplarFilterType.TraceBased)
        .AddReader(new BaseExportingMetricReader(_exporter))
        .Build();

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counter_InText_IsNamedByItsSamples()
    {
        _meter.CreateCounter<long>("pool.calls", "{call}", "Calls.").Add(3, Tag("pool.name", "a"));
        Assert.Equal(
            "# HELP target_info The process that is measured.\n# TYPE target_info gauge\ntarget_info{service_name=\"pool\",service_instance_id=\"one\"} 1\n" +
            "# HELP pool_calls_total Calls.\n# TYPE pool_calls_total counter\npool_calls_total{pool_name=\"a\"} 3\n",
            _exporter.Scrape(ExpositionFormat.Text));
    }

    [Fact]
    public void Counter_InOpenMetrics_IsNamedByItsFamily_AndTheTextHasAnEnd()
    {
        _meter.CreateCounter<double>("pool.io", "By", "Bytes.").Add(1.5);
        Assert.Equal(
            "# TYPE target info\n# HELP target The process that is measured.\ntarget_info{service_name=\"pool\",service_instance_id=\"one\"} 1\n" +
            "# HELP pool_io_bytes Bytes.\n# TYPE pool_io_bytes counter\n# UNIT pool_io_bytes bytes\npool_io_bytes_total 1.5\n# EOF\n",
            _exporter.Scrape(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Histogram_CountsUpwards_AndItsSumHasTheUnit()
    {
        var waits = NewHistogram(0.5, 1);
        foreach (var value in new[] { 0.25, 0.75, 5.5 }) waits.Record(value, Tag("outcome", "acquired"));
        Assert.EndsWith(
            "# HELP pool_wait_seconds Waits.\n# TYPE pool_wait_seconds histogram\n" +
            "pool_wait_seconds_bucket{outcome=\"acquired\",le=\"0.5\"} 1\n" +
            "pool_wait_seconds_bucket{outcome=\"acquired\",le=\"1\"} 2\n" +
            "pool_wait_seconds_bucket{outcome=\"acquired\",le=\"+Inf\"} 3\n" +
            "pool_wait_seconds_sum{outcome=\"acquired\"} 6.5\npool_wait_seconds_count{outcome=\"acquired\"} 3\n",
            _exporter.Scrape(ExpositionFormat.Text));
    }

    [Fact]
    public void Histogram_RecordedWithinATrace_HasItInOpenMetricsOnly()
    {
        using var trace = new Activity("call").SetIdFormat(ActivityIdFormat.W3C);
        trace.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        trace.Start();
        NewHistogram(0.5, 1).Record(0.75);
        var expected = $"pool_wait_seconds_bucket{{le=\"1.0\"}} 1 # {{trace_id=\"{trace.TraceId}\",span_id=\"{trace.SpanId}\"}} 0.75 ";
        Assert.Contains(expected, _exporter.Scrape(ExpositionFormat.OpenMetrics), StringComparison.Ordinal);
        Assert.Contains("pool_wait_seconds_bucket{le=\"1\"} 1\n", _exporter.Scrape(ExpositionFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void Gauge_ThatGoesUpAndDown_HasNoTotal_AndACountBecomesAPlural()
    {
        _meter.CreateUpDownCounter<int>("pool.connection.count", "{connection}", "Connections.").Add(2);
        _meter.CreateObservableGauge("pool.use", () => 0.5, "1", "Use.");
        var text = _exporter.Scrape(ExpositionFormat.Text)!;
        Assert.Contains("# TYPE pool_connections gauge\npool_connections 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE pool_use_ratio gauge\npool_use_ratio 0.5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_OfOthers_IsEscaped()
    {
        _meter.CreateCounter<long>("odd", null, "A \\ and a\nbreak.").Add(1, Tag("what", "\"\\\n"));
        Assert.Contains("# HELP odd_total A \\\\ and a\\nbreak.\n# TYPE odd_total counter\nodd_total{what=\"\\\"\\\\\\n\"} 1\n", _exporter.Scrape(ExpositionFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void Instrument_WithoutAValue_LeavesNoTrace()
    {
        _meter.CreateCounter<long>("never");
        Assert.DoesNotContain("never", _exporter.Scrape(ExpositionFormat.Text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orleanspool.connection.wait_time", "histogram", "s", "orleanspool_connection_wait_time_seconds")]
    [InlineData("already_seconds", "gauge", "s", "already_seconds")]
    [InlineData("a.total", "counter", "", "a")]
    [InlineData("http.server-active..requests", "gauge", "{request}", "http_server_active_requests")]
    [InlineData("4xx", "counter", "1", "_4xx")]
    [InlineData("memory.count", "gauge", "By", "memories_bytes")]
    [InlineData("rate", "gauge", "By/s", "rate_By_per_s")]
    public void Name_FollowsTheRules(string name, string type, string unit, string expected) => Assert.Equal(expected, MetricFamily.Of(name, Enum.Parse<FamilyType>(type, ignoreCase: true), unit).Name);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    private Histogram<double> NewHistogram(params double[] bounds) =>
        _meter.CreateHistogram("pool.wait", "s", "Waits.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
