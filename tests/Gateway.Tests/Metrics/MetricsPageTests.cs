using System.Net.Http.Headers;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Metrics;

/// <summary>What a host says of itself at /metrics.</summary>
public sealed class MetricsPageTests : IAsyncLifetime
{
    // What Prometheus sends.
    private const string PrometheusAccepts = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private readonly string _name = $"m{Guid.NewGuid():N}";
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            ($"{_name}:Protocol", "http1"), ($"{_name}:Addresses:0", _upstream.Address), ($"{_name}:Pool:Max", "3"), ($"{_name}:Limits:Max", "1"));
        _client = Callers.Http1(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/html", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(PrometheusAccepts, "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("text/plain;q=0.9,application/openmetrics-text;q=0.1", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text;q=0", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task Format_IsTheOneAskedFor(string? accept, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _client.SendAsync(request);
        Assert.Equal(MediaTypeHeaderValue.Parse(expected), response.Content.Headers.ContentType);
        Assert.Equal(expected.StartsWith("application", StringComparison.Ordinal), (await response.Content.ReadAsStringAsync()).EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hosts_OfOneProcess_HaveMetricsOfTheirOwn()
    {
        await using var other = await GatewayHost.StartAsync(("next-door:Protocol", "http1"), ("next-door:Addresses:0", _upstream.Address));
        using var client = Callers.Http1(other.Address);
        await Eventually.HoldsAsync(async () => (await client.GetStringAsync("/metrics")).Contains("orleanspool_limit_current{", StringComparison.Ordinal), "the other host to measure");
        Assert.DoesNotContain(_name, await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.DoesNotContain("next-door", await _client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_InFlightAndOneWaiting_AreSeen()
    {
        var first = CallAsync();
        var connection = await _upstream.ConnectionAsync();
        var request = await connection.RequestAsync();
        var second = CallAsync();
        await Eventually.HoldsAsync(() => _host.Pool(_name).Waiting == 1, "the second call to wait");
        await ShowsAsync("orleanspool_connections", "orleanspool_connection_state=\"used\",network_protocol_name=\"http1\"", 1);
        await ShowsAsync("orleanspool_connection_pending_requests", "", 1);
        await ShowsAsync("orleanspool_request_active", "", 1);
        await ShowsAsync("orleanspool_limit_current", "orleanspool_limit_algorithm=\"adaptive\"", 1);
        await ShowsAsync("orleanspool_connection_max", "orleanspool_limit_scope=\"cluster\"", 3);
        await ShowsAsync("orleanspool_lease_mode", "orleanspool_lease_mode=\"normal\"", 1);

        await request.AnswerAsync("one");
        await (await connection.RequestAsync()).AnswerAsync("two");
        Assert.Equal(["one", "two"], [await first, await second]);
        await ShowsAsync("orleanspool_connections", "orleanspool_connection_state=\"idle\",network_protocol_name=\"http1\"", 1);
        await ShowsAsync("orleanspool_connection_pending_requests", "", 0);
        await ShowsAsync("orleanspool_connection_created_total", "", 1);
    }

    // Labels come in any order.
    private Task ShowsAsync(string metric, string labels, double value)
    {
        var expected = $"orleanspool_pool_name=\"{_name}\",{labels}".TrimEnd(',').Split(',').Order(StringComparer.Ordinal).ToList();
        return Eventually.HoldsAsync(async () => Samples(await _client.GetStringAsync("/metrics"), metric, value).Any(expected.SequenceEqual), $"{metric} of {string.Join(", ", expected)} to be {value}");
    }

    private static IEnumerable<IEnumerable<string>> Samples(string text, string metric, double value) =>
        from line in text.Split('\n')
        where line.StartsWith($"{metric}{{", StringComparison.Ordinal) && line.EndsWith($"}} {value}", StringComparison.Ordinal)
        select line[(metric.Length + 1)..line.IndexOf('}', StringComparison.Ordinal)].Split(',').Order(StringComparer.Ordinal);

    private async Task<string> CallAsync() => await _client.GetStringAsync($"/e/{_name}/").InTime("an answer");
}
