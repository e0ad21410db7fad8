using System.Text.Json;
using Grpc.Core;
using OrleansPool.Cluster.Tests.PostgreSql;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using Xunit.Abstractions;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>Three silos in processes of their own, with membership and budgets in PostgreSQL; one of them is killed under load at the ingress.</summary>
[Collection(DatabaseGroup.Name)]
public sealed class SiloKillTests(Database database, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Silos = 3;
    private const string Endpoint = "interop";

    // A machine that stalls is no failure: what counts is what comes, and what does not fail meanwhile.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _cluster = $"kill-{Guid.NewGuid():N}";
    private readonly List<SiloProcess> _silos = [];
    private readonly List<IngressCaller> _callers = [];
    private InteropUpstream _upstream = null!;

    public async Task InitializeAsync() => _upstream = await InteropUpstream.StartAsync("the upstream");

    public async Task DisposeAsync()
    {
        foreach (var caller in _callers) await caller.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [SkippableFact]
    public async Task Kill_OfTheSiloThatCallsAreForwardedTo_FailsThoseUnderWayAndNoneAfterwards()
    {
        // Two permits for all: one silo has both. It keeps them while it is heard of every third of the lease's time.
        await StartAsync(("Limits:Law", "fixed"), ("Limits:Max", "2"), ("Budget:TimeToLive", "00:00:09"), ("Budget:FreezeTolerance", "00:00:01"));
        foreach (var silo in _silos[..2]) await LoadAsync(silo);
        var holder = await ConcentratedAsync();
        var at = _silos.IndexOf(holder) == 0 ? 1 : 0;
        var (caller, silence) = (_callers[at], _silos[at].Lines);
        await caller.MoreAsync(50);
        Assert.Empty(caller.Failures);
        var record = _upstream.Calls.Expect("under-way");
        var held = caller.Grpc.HoldAsync(new Wish(), record.Metadata);
        await record.BegunAsync();
        await holder.KillAsync();

        await held.FailsAsync(StatusCode.Unavailable);
        await caller.MoreAsync(100);
        output.WriteLine($"{_silos[at].Lines - silence} lines in the log; failed: {string.Join(", ", caller.Failures)}");

        // The one that was under way when it died, or went there before that was noticed.
        Assert.InRange(caller.Failures.Count, 0, 1);
        Assert.InRange(_silos[at].Lines - silence, 0, 300);
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        var server = database.Server;
        var named = settings.Select(setting => ($"Endpoints:{Endpoint}:{setting.Key}", setting.Value)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Silos).Select(async _ =>
        {
            var silo = await SiloProcess.StartAsync(_cluster, _upstream.Grpc, server.ConnectionString, named);
            lock (_silos) _silos.Add(silo);
        }));
    }

    private async Task LoadAsync(SiloProcess silo)
    {
        var caller = new IngressCaller(silo);
        _callers.Add(caller);
        caller.BeginLoad();
        await caller.MoreAsync(10);
    }

    // The silo with all permits, when one has them.
    private async Task<SiloProcess> ConcentratedAsync()
    {
        SiloProcess? holder = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var holders = await _silos[2].TryBudgetAsync(Endpoint) is { } budget ? HoldersIn(budget) : [];
                holder = holders.Count == 1 ? _silos[..2].Find(silo => holders.Contains(silo.Holder)) : null;
                return holder is not null;
            },
            "one silo to have all permits",
            _patience);
        return holder!;
    }

    private static HashSet<string> HoldersIn(JsonElement budget) =>
        [.. budget.GetProperty("holders").EnumerateArray().Where(one => one.GetProperty("permits").GetInt32() > 0).Select(one => one.GetProperty("name").GetString()!)];
}
