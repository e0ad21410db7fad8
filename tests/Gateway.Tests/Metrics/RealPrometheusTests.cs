using System.Diagnostics;
using OrleansPool.Bench.Processes;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Gateway.Tests.Standalone;

namespace OrleansPool.Gateway.Tests.Metrics;

/// <summary>Debian's Prometheus reads what a host says, as it is and under load.</summary>
public class RealPrometheusTests
{
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
        await using var upstream = await WebUpstream.StartAsync();
        await using var program = StandaloneProcess.Start(("Endpoints:billing:Protocol", "http1"), ("Endpoints:billing:Addresses:0", upstream.Http1), ("Endpoints:billing:Pool:Max", "7"));
        var address = await program.ListeningAsync();
        using var client = Callers.Http1(address);
        await CallAsync(client, 20);

        await using var prometheus = await PrometheusServer.StartAsync(address);
        await prometheus.AnswersAsync("sum(orleanspool_connections{orleanspool_pool_name=\"billing\"})", value => value is >= 1 and <= 7);
        await prometheus.AnswersAsync("orleanspool_connection_pending_requests{orleanspool_pool_name=\"billing\"}", value => value == 0);
        await prometheus.AnswersAsync("orleanspool_connection_max{orleanspool_limit_scope=\"cluster\"}", value => value == 7);
        await prometheus.AnswersAsync("histogram_quantile(0.99, sum by (le) (orleanspool_connection_create_time_seconds_bucket))", value => value is > 0 and < 10);
        await prometheus.AnswersAsync("sum by (rpc_status_code) (rpc_client_call_duration_seconds_count{rpc_status_code=\"200\"})", value => value == 20);
        await prometheus.AnswersAsync("histogram_quantile(0.5, sum by (le) (orleanspool_connection_wait_time_seconds_bucket{orleanspool_outcome=\"acquired\"}))", value => value is >= 0 and < 10);
        await prometheus.AnswersAsync("target_info{service_name=\"orleanspool\"}", value => value == 1);
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
        RequiredTool.Require(File.Exists("/usr/bin/promtool"), PrometheusServer.Package);
        var start = new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var told = await Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync()).InTime("promtool's word");
        await promtool.WaitForExitAsync().InTime("the end of promtool");
        return string.Concat(told);
    }
}
