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
    [InlineData("localhost:4317")]
    [InlineData("ftp://localhost")]
    public async Task Collector_ThatIsNoUrl_KeepsTheHostFromStarting(string endpoint)
    {
        var mistake = await Assert.ThrowsAsync<Core.Hosting.InvalidConfigurationException>(() => GatewayHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection([new("OrleansPool:Gateway:Otlp:Endpoint", endpoint)]), ("a:Protocol", "grpc"), ("a:Addresses:0", "127.0.0.1:1")));
        Assert.Contains($"OrleansPool:Gateway:Otlp:Endpoint = \"{endpoint}\": a URL is expected", mistake.Message, StringComparison.Ordinal);
    }
}
