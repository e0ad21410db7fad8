using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>The silo's executable in a process of its own, with ports of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
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

    /// <summary>Where cluster clients connect to it.</summary>
    public IPEndPoint Gateway { get; }

    /// <summary>Starts a silo of the cluster whose membership <paramref name="primarySiloPort"/> holds, or a new one's first, and waits until it is ready.</summary>
    public static async Task<SiloProcess> StartAsync(string cluster, string upstream, int? primarySiloPort)
    {
        var (silo, gateway, ingress) = (FreePort(), FreePort(), FreePort());
        var start = StartInfo(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Cluster__ClusterId"] = cluster,
            ["Cluster__SiloPort"] = $"{silo}",
            ["Cluster__GatewayPort"] = $"{gateway}",
            ["Cluster__PrimarySiloPort"] = $"{primarySiloPort ?? silo}",
            ["Gateway__Listen"] = $"127.0.0.1:{ingress}",
            ["Endpoints__interop__Protocol"] = "grpc",
            ["Endpoints__interop__Addresses__0"] = upstream,
        });
        var process = new SiloProcess(start, silo, gateway, ingress);
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

    private static ProcessStartInfo StartInfo(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Silo")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };

        // What somebody set for a host of their own is not meant for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OrleansPool__", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        foreach (var (key, value) in settings) start.Environment[$"OrleansPool__{key}"] = value;
        return start;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
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
            Assert.False(_process.HasExited, $"The silo ended: {string.Join('\n', _words)}");
            return await StatusOfAsync(page) == expected;
        },
        $"{page} of the silo to answer {expected}");

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
