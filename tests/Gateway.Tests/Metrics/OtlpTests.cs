using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Metrics;

/// <summary>Metrics that are sent, to a collector which the test plays.</summary>
public class OtlpTests
{
    [Theory]
    [InlineData("http", "/v1/metrics")]
    [InlineData("grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public async Task Host_WithACollector_SendsItWhatItMeasures(string protocol, string path)
    {
        var sent = new TaskCompletionSource<(string Path, string Text)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await WebUpstream.StartAsync(async context =>
        {
            // Protobuf has names as they are.
            var text = await new StreamReader(context.Request.Body, Encoding.Latin1).ReadToEndAsync();
            sent.TrySetResult((context.Request.Path, text));
        });
        var name = $"o{Guid.NewGuid():N}";
        var address = protocol == "grpc" ? collector.Http2 : collector.Http1;
        await using var host = await GatewayHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection(
            [
                new("OrleansPool:Gateway:Otlp:Endpoint", $"http://{address}"), new("OrleansPool:Gateway:Otlp:Protocol", protocol), new("OrleansPool:Gateway:Otlp:Period", "00:00:01"),
            ]),
            ($"{name}:Protocol", "grpc"), ($"{name}:Addresses:0", "127.0.0.1:1"));
        var (asked, body) = await sent.Task.InTime("the collector to be sent metrics");
        Assert.Equal(path, asked);
        Assert.All([name, "orleanspool.connection.count", "orleanspool.limit.current", "service.instance.id"], part => Assert.Contains(part, body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http", "/v1/traces")]
    [InlineData("grpc", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task Host_WithACollector_SendsItTheSpansOfCallsThatAreTraced(string protocol, string path)
    {
        var sent = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await WebUpstream.StartAsync(async context =>
        {
            var text = await new StreamReader(context.Request.Body, Encoding.Latin1).ReadToEndAsync();
            if (context.Request.Path == path) sent.TrySetResult(text);
        });
        await using var upstream = await WebUpstream.StartAsync();
        var name = $"t{Guid.NewGuid():N}";
        await using (var host = await GatewayHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection(
            [
                new("OrleansPool:Gateway:Otlp:Endpoint", $"http://{(protocol == "grpc" ? collector.Http2 : collector.Http1)}"), new("OrleansPool:Gateway:Otlp:Protocol", protocol),
                new("OrleansPool:Gateway:Otlp:TraceRatio", "0"),
            ]),
            ($"{name}:Protocol", "http1"), ($"{name}:Addresses:0", upstream.Http1)))
        {
            // By the ratio none is traced; the caller's own decision counts for more.
            using var client = Callers.Http1(host.Address);
            using var untraced = await client.GetAsync(new Uri($"/e/{name}/", UriKind.Relative));
            using var traced = new HttpRequestMessage(HttpMethod.Get, $"/e/{name}/");
            traced.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var answer = await client.SendAsync(traced);

            // An example of the call's duration leads to its trace, where the format has a place for it.
            using var scrape = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            scrape.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text");
            using var metrics = await client.SendAsync(scrape);
            var text = await metrics.Content.ReadAsStringAsync();
            Assert.Contains(
                text.Split('\n'), line => line.StartsWith("rpc_client_call_duration_seconds_bucket", StringComparison.Ordinal)
                    && line.Contains(name, StringComparison.Ordinal) && line.Contains("# {trace_id=\"0af7651916cd43dd8448eb211c80319c\"", StringComparison.Ordinal));
        }

        var spans = await sent.Task.InTime("the collector to be sent a span");
        Assert.Equal(1, Count(spans, "http.request.method"));
        Assert.All([name, "OrleansPool", "http.response.status_code", "service.instance.id"], part => Assert.Contains(part, spans, StringComparison.Ordinal));
        Assert.DoesNotContain("/e/", spans, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:4317")]
    [InlineData("ftp://localhost")]
    public async Task Collector_ThatIsNoUrl_KeepsTheHostFromStarting(string endpoint)
    {
        var mistake = await Assert.ThrowsAsync<Core.Hosting.InvalidConfigurationException>(() => GatewayHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection([new("OrleansPool:Gateway:Otlp:Endpoint", endpoint)]), ("a:Protocol", "grpc"), ("a:Addresses:0", "127.0.0.1:1")));
        Assert.Contains($"OrleansPool:Gateway:Otlp:Endpoint = \"{endpoint}\": a URL is expected", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatIsToMeasureNothing_HasNoMetricsPage_AndServesAsEver()
    {
        await using var upstream = await WebUpstream.StartAsync();
        await using var host = await GatewayHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection([new("OrleansPool:Gateway:Metrics", "false")]), ("a:Protocol", "http1"), ("a:Addresses:0", upstream.Http1));
        using var client = Callers.Http1(host.Address);
        using var page = await client.GetAsync(new Uri("/metrics", UriKind.Relative));
        using var call = await client.GetAsync(new Uri("/e/a/", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (page.StatusCode, call.StatusCode));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
