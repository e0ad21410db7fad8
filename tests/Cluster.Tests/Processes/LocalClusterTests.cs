using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>deploy/local-cluster: what docker-compose.yml has, as processes, from the same files.</summary>
public sealed class LocalClusterTests : IAsyncLifetime
{
    private static readonly string[] _names =
    [
        "POSTGRES", "PROMETHEUS", "UPSTREAM_GRPC", "UPSTREAM_HTTP", "UPSTREAM_TCP",
        .. Enumerable.Range(1, 3).SelectMany(silo => (string[])[$"SILO{silo}_INGRESS", $"SILO{silo}_LINES", $"SILO{silo}_SILO", $"SILO{silo}_GATEWAY"]),
    ];

    // PostgreSQL, three silos, an upstream, load and Prometheus start one after the other, on a machine that does other things besides.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(180);

    private readonly Dictionary<string, int> _ports = _names.ToDictionary(name => name, _ => FreePort.Next());
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("orleanspool-local-cluster-");
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private ChildProcess? _script;

    public Task InitializeAsync()
    {
        // The database runs as another user, who has to get in.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_state.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_script is not null) await StopAsync(_script);
        _client.Dispose();
        _state.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task ThreeSilos_AreCalledAndScraped_AndGoOnWithoutOneOfThem()
    {
        RequiredTool.Require(PostgreSqlServer.IsInstalled, PostgreSqlServer.Package);
        RequiredTool.Require(File.Exists("/usr/bin/prometheus"), "prometheus");
        _script = Start();
        for (var silo = 1; silo <= 3; silo++) await _script.AwaitReadyAsync(ReadyAt(silo), _patience, CancellationToken.None);
        await AnswersAsync("sum(up{job=\"orleanspool\"})", value => value == 3);
        foreach (var endpoint in (string[])["echo", "hello", "lines"]) await AnswersAsync(Answered(endpoint), value => value > 0);

        // Each silo holds connections, and all of them together no more than the cap.
        await AnswersAsync("sum(orleanspool_connections{orleanspool_pool_name=\"lines\"}) <= 6", value => value > 0);
        await SignalAsync("silo2", "KILL");
        await AnswersAsync("sum(up{job=\"orleanspool\"})", value => value == 2);
        await AnswersAsync(Answered("hello"), value => value > 0);
        await StopAsync(_script);
        _script = null;
        foreach (var name in (string[])["silo1", "silo3", "upstream", "load", "prometheus", "postgres"]) Assert.False(Directory.Exists($"/proc/{Pid(name)}"), $"{name} was left behind");
    }

    private static string Answered(string endpoint) => $"sum(rate(rpc_client_call_duration_seconds_count{{orleanspool_pool_name=\"{endpoint}\",error_type=\"\"}}[15s]))";

    private ChildProcess Start()
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["bash", Repository.File(Path.Combine("deploy", "local-cluster"))]);
        foreach (var (name, port) in _ports) start.Environment[$"PORT_{name}"] = $"{port}";
        start.Environment["LOCAL_CLUSTER_STATE"] = Path.Combine(_state.FullName, "cluster");
        start.Environment["LOCAL_CLUSTER_PACE"] = "30";
        start.Environment["POOL_CONFIGURATION"] = Repository.Built.Configuration;
        return ChildProcess.Start("deploy/local-cluster", start, answers: false);
    }

    private static async Task StopAsync(ChildProcess script)
    {
        if (!script.HasExited)
        {
            await script.SignalAsync("TERM");
            Assert.Equal(0, await script.EndAsync(_patience));
        }

        await script.DisposeAsync();
    }

    private Func<Task<bool>> ReadyAt(int silo) => async () =>
    {
        try
        {
            using var response = await _client.GetAsync(new Uri($"http://127.0.0.1:{_ports[$"SILO{silo}_INGRESS"]}/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    };

    // A second between two looks: the machine has other work than answering them.
    private Task AnswersAsync(string query, Predicate<double> isRight) =>
        Eventually.HoldsAsync(async () => await QueryAsync(query) is { } value && isRight(value), $"a right answer to {query}", _patience, pause: TimeSpan.FromSeconds(1));

    private async Task<double?> QueryAsync(string query)
    {
        try
        {
            using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"http://127.0.0.1:{_ports["PROMETHEUS"]}/api/v1/query?query={Uri.EscapeDataString(query)}")));
            var result = answer.RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 0 ? null : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private string Pid(string name) => File.ReadAllText(Path.Combine(_state.FullName, "cluster", $"{name}.pid")).Trim();

    private async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {Pid(name)}"]);
        await kill.WaitForExitAsync();
    }
}
