using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>The silo's executable in a process of its own, with ports of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    // Several start at once, and a process that has to compile all it does is slow where others are busy.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _words = new();
    private readonly HttpClient _pages;
    private readonly Process _process;

    private SiloProcess(ProcessStartInfo start, int siloPort, int gatewayPort, int ingressPort)
    {
        (SiloPort, Gateway) = (siloPort, new IPEndPoint(IPAddress.Loopback, gatewayPort));
        _pages = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ingressPort}"), Timeout = TimeSpan.FromSeconds(5) };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _words.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _words.Enqueue(line.Data ?? "");
    }

    public int SiloPort { get; }

    /// <summary>Its ingress, for plain HTTP callers.</summary>
    public Uri Ingress => _pages.BaseAddress!;

    /// <summary>The name under which it holds shares.</summary>
    public string Holder => $"127.0.0.1:{SiloPort}";

    /// <summary>Lines that it logged so far.</summary>
    public int Lines => _words.Count;

    /// <summary>What it says of the budget of an endpoint; null while nobody has that.</summary>
    public async Task<JsonElement?> TryBudgetAsync(string endpoint)
    {
        try
        {
            return await _pages.GetFromJsonAsync<JsonElement>($"/admin/budget/{endpoint}?format=json");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>All that it logged so far.</summary>
    public string Words => string.Join('\n', _words);

    /// <summary>Where cluster clients connect to it.</summary>
    public IPEndPoint Gateway { get; }

    /// <summary>Starts a silo of the cluster whose membership <paramref name="primarySiloPort"/> holds, or a new one's first, and waits until it is ready.</summary>
    public static Task<SiloProcess> StartAsync(string cluster, string upstream, int? primarySiloPort)
    {
        var siloPort = FreePort.Next();
        return StartAsync(upstream, siloPort, new() { ["ClusterId"] = cluster, ["PrimarySiloPort"] = $"{primarySiloPort ?? siloPort}" });
    }

    /// <summary>A cluster's first silo, with settings of its own by key below the endpoint's.</summary>
    public static Task<SiloProcess> StartAsync(string cluster, string upstream, (string Key, string Value)[] settings)
    {
        var siloPort = FreePort.Next();
        return StartAsync(
            upstream, siloPort, new() { ["ClusterId"] = cluster, ["PrimarySiloPort"] = $"{siloPort}" }, "Information",
            [.. settings.Select(setting => ($"Endpoints:interop:{setting.Key}", setting.Value))]);
    }

    /// <summary>A silo of the cluster whose membership <paramref name="primarySiloPort"/> holds, or a new one's first, with settings by key below <c>OrleansPool:</c>.</summary>
    public static Task<SiloProcess> StartAsync(string cluster, string upstream, int? primarySiloPort, (string Key, string Value)[] settings)
    {
        var siloPort = FreePort.Next();
        return StartAsync(upstream, siloPort, new() { ["ClusterId"] = cluster, ["PrimarySiloPort"] = $"{primarySiloPort ?? siloPort}" }, "Information", settings);
    }

    /// <summary>The same, started in a folder whose appsettings.json it reads, too.</summary>
    public static Task<SiloProcess> StartInAsync(string folder, string cluster, string upstream, int? primarySiloPort)
    {
        var siloPort = FreePort.Next();
        var process = Create(upstream, siloPort, new() { ["ClusterId"] = cluster, ["PrimarySiloPort"] = $"{primarySiloPort ?? siloPort}" });
        process._process.StartInfo.WorkingDirectory = folder;
        return ReadyAsync(process);
    }

    /// <summary>Starts a silo of the cluster whose membership the database holds, and waits until it is ready. It logs all it can.</summary>
    public static Task<SiloProcess> StartAsync(string cluster, string upstream, string database) => StartAsync(upstream, FreePort.Next(), InDatabase(cluster, database), "Trace");

    /// <summary>The same with settings of its own, by key below <c>OrleansPool:</c>; it logs what is usual.</summary>
    public static Task<SiloProcess> StartAsync(string cluster, string upstream, string database, (string Key, string Value)[] settings) =>
        StartAsync(upstream, FreePort.Next(), InDatabase(cluster, database), "Information", settings);

    /// <summary>What it says when it does not start.</summary>
    public static async Task<string> RefusalAsync(Dictionary<string, string> cluster)
    {
        await using var process = Create("127.0.0.1:1", FreePort.Next(), cluster);
        process.Run();
        Assert.Equal(1, await process.EndAsync());
        return process.Words;
    }

    private static Dictionary<string, string> InDatabase(string cluster, string database) =>
        new(StringComparer.Ordinal) { ["ClusterId"] = cluster, ["Clustering"] = "PostgreSQL", ["ConnectionString"] = database, ["Address"] = "127.0.0.1" };

    private static async Task<SiloProcess> StartAsync(
        string upstream, int siloPort, Dictionary<string, string> cluster, string logLevel = "Information", params (string Key, string Value)[] settings)
    {
        var process = Create(upstream, siloPort, cluster);
        foreach (var (key, value) in settings) process._process.StartInfo.Environment[$"OrleansPool__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        process._process.StartInfo.Environment["Logging__LogLevel__Default"] = logLevel;
        return await ReadyAsync(process);
    }

    private static async Task<SiloProcess> ReadyAsync(SiloProcess process)
    {
        try
        {
            process.Run();
            await process.SaysAsync("/ready", HttpStatusCode.OK);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it at once: its sockets close, and nothing else is done.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Stops every thread of it: its sockets stay open, and nothing answers.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Asks it to stop, and returns when it turns new calls away.</summary>
    public async Task BeginToStopAsync()
    {
        await SignalAsync("TERM");
        await SaysAsync("/ready", HttpStatusCode.ServiceUnavailable);
    }

    /// <summary>Its exit code, when it has ended by itself.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().InTime("the silo's process to end");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _pages.Dispose();

        // A frozen process is killed all the same, but let it be said: it must not outlive the tests.
        if (!_process.HasExited)
        {
            await SignalAsync("CONT");
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static SiloProcess Create(string upstream, int siloPort, Dictionary<string, string> cluster)
    {
        var (gateway, ingress) = (FreePort.Next(), FreePort.Next());
        var settings = cluster.ToDictionary(pair => $"Cluster__{pair.Key}", pair => pair.Value, StringComparer.Ordinal);
        settings.TryAdd("Cluster__SiloPort", $"{siloPort}");
        settings.TryAdd("Cluster__GatewayPort", $"{gateway}");
        settings["Gateway__Listen"] = $"127.0.0.1:{ingress}";
        settings["Endpoints__interop__Protocol"] = "grpc";
        settings["Endpoints__interop__Addresses__0"] = upstream;

        // So that each silo has a share, and goes on by it when another one dies with the budget.
        settings["Endpoints__interop__Pool__Min"] = "1";
        return new SiloProcess(StartInfo(settings), siloPort, gateway, ingress);
    }

    private static ProcessStartInfo StartInfo(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Silo")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };

        // What somebody set for a host of their own is not meant for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OrleansPool__", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        foreach (var (key, value) in settings) start.Environment[$"OrleansPool__{key}"] = value;
        return start;
    }

    private void Run()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    // The shell's own kill: not every machine has the program.
    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private Task SaysAsync(string page, HttpStatusCode expected) => Eventually.HoldsAsync(
        async () =>
        {
            Assert.False(_process.HasExited, $"The silo ended: {Words}");
            return await StatusOfAsync(page) == expected;
        },
        $"{page} of the silo to answer {expected}",
        _patience);

    private async Task<HttpStatusCode?> StatusOfAsync(string page)
    {
        try
        {
            using var response = await _pages.GetAsync(page);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
