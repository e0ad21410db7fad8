using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansPool.Bench.Processes;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Gateway.Tests.Standalone;

namespace OrleansPool.Gateway.Tests.Metrics;

/// <summary>Debian's Prometheus reads what a host says, as it is and under load.</summary>
public class RealPrometheusTests
{
    private const string Package = "prometheus";

    [SkippableFact]
    public async Task Metrics_OfAHostUnderLoad_AreCleanByPromtool()
    {
        await using var upstream = await WebUpstream.StartAsync();
        await using var program = StandaloneProcess.Start(("Endpoints:billing:Protocol", "http1"), ("Endpoints:billing:Addresses:0", upstream.Http1), ("Endpoints:gone:Protocol", "grpc"), ("Endpoints:gone:Addresses:0", $"127.0.0.1:{FreePort.Next()}"));
        using var client = Callers.Http1(await program.ListeningAsync());
        await CallAsync(client, 20);
        var text = await client.GetStringAsync("/metrics");
        Assert.Contains("orleanspool_connection_created_total", text, StringComparison.Ordinal);
        Assert.Equal("", await PromtoolAsync(text));
    }

    [SkippableFact]
    public async Task Metrics_OfARunningHost_CanBeQueried()
    {
        RequiredTool.Require(File.Exists($"/usr/bin/{Package}"), Package);
        await using var upstream = await WebUpstream.StartAsync();
        await using var program = StandaloneProcess.Start(("Endpoints:billing:Protocol", "http1"), ("Endpoints:billing:Addresses:0", upstream.Http1), ("Endpoints:billing:Pool:Max", "7"));
        var address = await program.ListeningAsync();
        using var client = Callers.Http1(address);
        await CallAsync(client, 20);

        var folder = Directory.CreateTempSubdirectory("orleanspool-prometheus-");
        try
        {
            await using var prometheus = await PrometheusAsync(folder.FullName, address);
            using var queries = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{prometheus.Port}") };
            await AnswersAsync(queries, "sum(orleanspool_connections{orleanspool_pool_name=\"billing\"})", value => value is >= 1 and <= 7);
            await AnswersAsync(queries, "orleanspool_connection_pending_requests{orleanspool_pool_name=\"billing\"}", value => value == 0);
            await AnswersAsync(queries, "orleanspool_connection_max{orleanspool_limit_scope=\"cluster\"}", value => value == 7);
            await AnswersAsync(queries, "histogram_quantile(0.99, sum by (le) (orleanspool_connection_create_time_seconds_bucket))", value => value is > 0 and < 10);
            await AnswersAsync(queries, "sum by (rpc_status_code) (rpc_client_call_duration_seconds_count{rpc_status_code=\"200\"})", value => value == 20);
            await AnswersAsync(queries, "histogram_quantile(0.5, sum by (le) (orleanspool_connection_wait_time_seconds_bucket{orleanspool_outcome=\"acquired\"}))", value => value is >= 0 and < 10);
            await AnswersAsync(queries, "target_info{service_name=\"orleanspool\"}", value => value == 1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CallAsync(HttpClient client, int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            using var response = await client.GetAsync("/e/billing/").InTime("an answer");
            Assert.True(response.IsSuccessStatusCode);
        }
    }

    private static async Task<string> PromtoolAsync(string text)
    {
        RequiredTool.Require(File.Exists("/usr/bin/promtool"), Package);
        var start = new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var told = await Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync()).InTime("promtool's word");
        await promtool.WaitForExitAsync().InTime("the end of promtool");
        return string.Concat(told);
    }

    private static async Task<Prometheus> PrometheusAsync(string folder, Uri scraped)
    {
        var (port, configuration) = (FreePort.Next(), Path.Combine(folder, "prometheus.yml"));
        await File.WriteAllTextAsync(configuration, $$"""
            scrape_configs:
              - job_name: orleanspool
                scrape_interval: 1s
                static_configs: [ { targets: [ "{{scraped.Authority}}" ] } ]
            """);
        string[] arguments = [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"];
        var process = ChildProcess.Start(Package, new ProcessStartInfo($"/usr/bin/{Package}", arguments), answers: false);
        using var client = new HttpClient();
        await process.AwaitReadyAsync(() => IsReadyAsync(client, port), Eventually.Patience, CancellationToken.None);
        return new Prometheus(process, port);
    }

    // It listens some seconds before it answers queries.
    private static async Task<bool> IsReadyAsync(HttpClient client, int port)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task AnswersAsync(HttpClient queries, string query, Predicate<double> isRight)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = JsonDocument.Parse(await queries.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"));
                var values = answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(result => result.GetProperty("value")[1].GetString()!).ToList();
                return values.Count > 0 && values.TrueForAll(value => isRight(double.Parse(value, CultureInfo.InvariantCulture)));
            },
            $"a right answer to {query}");
    }

    private sealed class Prometheus(ChildProcess process, int port) : IAsyncDisposable
    {
        public int Port => port;

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
