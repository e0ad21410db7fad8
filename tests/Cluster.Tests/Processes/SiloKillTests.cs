using System.Text.Json;
using Grpc.Core;
using Npgsql;
using OrleansPool.Cluster.Tests.PostgreSql;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using Xunit.Abstractions;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>Three silos in processes of their own, with membership and budgets in PostgreSQL; one of them is killed, or stopped, under load at the ingress.</summary>
[Collection(DatabaseGroup.Name)]
public sealed class SiloKillTests(Database database, ITestOutputHelper output) : IAsyncLifetime
{
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
    public async Task Kill_OfTheSiloWithTheBudget_AnotherGrantsByTheLimitInTheDatabaseAndCallersElsewhereNoticeNothing()
    {
        // The first silo has the budget. Its limit is none that the others would begin with: they have it from the database, or not at all.
        const int Limit = 37;
        await StartAsync(1, ("Limits:Law", "aimd"), ("Limits:Initial", $"{Limit}"));
        var owner = _silos[0];
        await GrantsAsync(owner, after: 0, owner);
        await StartAsync(2, ("Limits:Law", "aimd"), ("Limits:Initial", "20"));
        var others = _silos[1..];
        await GrantsAsync(owner, after: 0, [.. others]);
        foreach (var silo in others) await LoadAsync(silo);
        await Eventually.HoldsAsync(async () => await WritesOfTheBudgetAsync() > 1, "the limit to be in the database", _patience);
        var before = (await owner.TryBudgetAsync(Endpoint))!.Value.GetProperty("epoch").GetInt64();
        await owner.KillAsync();
        var since = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(_callers.Select(caller => caller.MoreAsync(100)));
        await GrantsAsync(others[0], after: before, [.. others]);
        output.WriteLine($"Shares of another epoch after {TimeProvider.System.GetElapsedTime(since).TotalSeconds:F1} s");

        Assert.Equal(Limit, (await others[0].TryBudgetAsync(Endpoint))!.Value.GetProperty("limit").GetInt32());
        await Task.WhenAll(_callers.Select(caller => caller.MoreAsync(100)));
        Assert.All(_callers, caller => Assert.Empty(caller.Failures));
    }

    [SkippableFact]
    public async Task Kill_OfTheSiloThatCallsAreForwardedTo_FailsThoseUnderWayAndNoneAfterwards()
    {
        // Two permits for all: one silo has both. It keeps them while it is heard of every third of the lease's time.
        await StartAsync(3, ("Limits:Law", "fixed"), ("Limits:Max", "2"), ("Budget:TimeToLive", "00:00:09"), ("Budget:FreezeTolerance", "00:00:01"));
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

    [SkippableFact]
    public async Task Stop_OfTheSiloThatIsCalled_LetsOthersTakeItsCalls()
    {
        await StartAsync(3, ("Limits:Law", "fixed"), ("Limits:Max", "60"), ("DrainTimeout", "00:02:00"));
        foreach (var silo in _silos[..2]) await LoadAsync(silo);
        await GrantsAsync(_silos[1], after: 0, [.. _silos[..2]]);
        var record = _upstream.Calls.Expect("held");
        var held = _callers[0].Grpc.HoldAsync(new Wish(), record.Metadata);
        await record.BegunAsync();
        await _silos[0].BeginToStopAsync();

        // It drains as long as the held call runs, and calls that still come to it go on to others.
        await _callers[0].MoreAsync(50);
        record.OpenGate();
        await held.RepliesAsync();
        output.WriteLine($"Failed: {string.Join(", ", _callers[0].Failures)}");
        Assert.Empty(_callers[0].Failures);
    }

    private async Task StartAsync(int count, params (string Key, string Value)[] settings)
    {
        var server = database.Server;
        var named = settings.Select(setting => (setting.Key == "DrainTimeout" ? setting.Key : $"Endpoints:{Endpoint}:{setting.Key}", setting.Value)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
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

    // As one of them sees it: all have a share of a later epoch.
    private static Task GrantsAsync(SiloProcess seenFrom, long after, params SiloProcess[] holders) => Eventually.HoldsAsync(
        async () =>
        {
            var budget = await seenFrom.TryBudgetAsync(Endpoint);
            return budget is { } seen && seen.GetProperty("epoch").GetInt64() > after && HoldersIn(seen).IsSupersetOf(holders.Select(holder => holder.Holder));
        },
        $"shares of an epoch after {after}",
        _patience);

    private static HashSet<string> HoldersIn(JsonElement budget) =>
        [.. budget.GetProperty("holders").EnumerateArray().Where(one => one.GetProperty("permits").GetInt32() > 0).Select(one => one.GetProperty("name").GetString()!)];

    // The first says who has it, and each further one what is remembered.
    private async Task<int> WritesOfTheBudgetAsync()
    {
        await using var source = NpgsqlDataSource.Create(database.Server.ConnectionString);
        await using var read = source.CreateCommand("SELECT version FROM grain_state WHERE service_id = $1 AND key_text = $2");
        read.Parameters.AddWithValue(_cluster);
        read.Parameters.AddWithValue($"endpoint/{Endpoint}");
        return await read.ExecuteScalarAsync() is int version ? version : 0;
    }
}
