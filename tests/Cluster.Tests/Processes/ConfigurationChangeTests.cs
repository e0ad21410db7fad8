using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>Two silos in processes of their own, each with a configuration file that is written anew while calls go through both.</summary>
public sealed class ConfigurationChangeTests : IAsyncLifetime
{
    private const string Endpoint = "interop";
    private const int Silos = 2;
    private const int Cap = 8;
    private const int NewCap = 3;
    private const int HeldAtEach = 3;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _folders = [];
    private readonly List<SiloProcess> _silos = [];
    private readonly List<IngressCaller> _callers = [];
    private InteropUpstream _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await InteropUpstream.StartAsync();
        try
        {
            for (var number = 0; number < Silos; number++) await StartAsync();
        }
        catch
        {
            // Nobody else would: what did not start is not disposed.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var caller in _callers) await caller.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
        foreach (var folder in _folders) Directory.Delete(folder, recursive: true);
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task NewFile_WithALowerCap_ClosesConnectionsAsTheirCallsEndAndFailsNone()
    {
        var record = _upstream.Calls.Expect("held");
        var held = _callers.SelectMany(caller => Enumerable.Range(0, HeldAtEach).Select(_ => caller.Grpc.HoldAsync(new Wish(), record.Metadata))).ToList();
        await Eventually.HoldsAsync(() => record.Arrived == Silos * HeldAtEach, "the calls to be under way, each on a connection of its own", _patience);
        foreach (var caller in _callers) caller.BeginLoad();
        await MoreAsync(20);
        foreach (var folder in _folders) await WriteAsync(folder, NewCap);
        await Eventually.HoldsAsync(async () => (await CapsAsync()).All(cap => cap == NewCap), "the new cap to be in force", _patience);

        // More than the cap are open, since nothing in flight is cut.
        Assert.InRange(_upstream.Connections.Open, Silos * HeldAtEach, Cap);
        record.OpenGate();
        foreach (var call in held) await call.RepliesAsync();
        await Eventually.HoldsAsync(() => _upstream.Connections.Open <= NewCap, "connections to be closed", _patience);
        await MoreAsync(100);
        Assert.InRange(_upstream.Connections.MostOpen, Silos * HeldAtEach, Cap);
        Assert.All(_callers, caller => Assert.Empty(caller.Failures));
    }

    private async Task StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("orleanspool-silo-").FullName;
        _folders.Add(folder);
        await WriteAsync(folder, Cap);
        var primary = _silos.FirstOrDefault()?.SiloPort;
        _silos.Add(await SiloProcess.StartInAsync(folder, $"change-{Path.GetFileName(_folders[0])}", _upstream.Grpc, primary));
        _callers.Add(new IngressCaller(_silos[^1]));
    }

    // As a person's editor does it: in place, whoever reads meanwhile. Calls may wait as long as the test does.
    private static Task WriteAsync(string folder, int cap) => File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), $$"""
        {
          "OrleansPool": {
            "Endpoints": {
              "{{Endpoint}}": {
                "Pool": { "Max": {{cap}}, "CallsPerChannel": 1 },
                "Queue": { "MaxWait": "00:01:00" },
                "Limits": { "Law": "fixed", "Max": {{Cap}} }
              }
            }
          }
        }
        """);

    private Task MoreAsync(int count) => Task.WhenAll(_callers.Select(caller => caller.MoreAsync(count)));

    private Task<int?[]> CapsAsync() => Task.WhenAll(_silos.Select(async silo => (await silo.TryBudgetAsync(Endpoint))?.GetProperty("cap").GetInt32()));
}
