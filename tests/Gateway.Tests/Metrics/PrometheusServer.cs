using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Gateway.Tests.Metrics;

/// <summary>Debian's Prometheus, and what it answers. Ended with the test.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    public const string Package = "prometheus";

    private readonly DirectoryInfo _data;
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private PrometheusServer(DirectoryInfo data, ChildProcess process, int port) => (_data, _process, _client) = (data, process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });

    /// <summary>Starts it with a configuration that has one target, scraped each second; skips the test where it is not installed.</summary>
    public static Task<PrometheusServer> StartAsync(Uri scraped) => StartAsync(folder => File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
        scrape_configs:
          - job_name: orleanspool
            scrape_interval: 1s
            static_configs: [ { targets: [ "{{scraped.Authority}}" ] } ]
        """));

    /// <summary>Starts it with what is written to a folder, <c>prometheus.yml</c> among it.</summary>
    public static async Task<PrometheusServer> StartAsync(Func<string, Task> configure)
    {
        RequiredTool.Require(File.Exists($"/usr/bin/{Package}"), Package);
        var (folder, port) = (Directory.CreateTempSubdirectory("orleanspool-prometheus-"), FreePort.Next());
        await configure(folder.FullName);
        string[] arguments = [$"--config.file={Path.Combine(folder.FullName, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"];
        var server = new PrometheusServer(folder, ChildProcess.Start(Package, new ProcessStartInfo($"/usr/bin/{Package}", arguments), answers: false), port);
        await server._process.AwaitReadyAsync(server.IsReadyAsync, Eventually.Patience, CancellationToken.None);
        return server;
    }

    /// <summary>The values of a query's result, now.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        using var response = await _client.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{query}: {text}");
        using var answer = JsonDocument.Parse(text);
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(Value)];
    }

    /// <summary>Completes when a query has values, and all are right.</summary>
    public Task AnswersAsync(string query, Predicate<double> isRight) => Eventually.HoldsAsync(
        async () => await QueryAsync(query) is { Count: > 0 } values && values.All(value => isRight(value)), $"a right answer to {query}");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private static double Value(JsonElement result) => double.Parse(result.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);

    // It listens some seconds before it answers queries.
    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
