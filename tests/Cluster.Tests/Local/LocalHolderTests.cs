using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>What a client in local mode has of what a silo has, item by item (docs/local.md): metrics, queue, law, leak detection, checks.</summary>
public sealed class LocalHolderTests : IAsyncLifetime
{
    private const string Endpoint = "interop";
    private const int Permits = 16;

    private readonly GrainCallLog _grainCalls = new();
    private InteropUpstream _upstream = null!;
    private TestSilos? _silos;

    private TestSilos Silos => _silos!;

    public async Task InitializeAsync() => _upstream = await InteropUpstream.StartAsync();

    public async Task DisposeAsync()
    {
        if (_silos is not null) await _silos.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_HaveTheInstrumentsOfASilo_AndNothingOfTheClusterAsOne()
    {
        await StartAsync(Permits);
        await using var client = await HoldAsync();
        using var metrics = new RecordedMetrics(client.Services.GetRequiredService<PoolMeter>());
        using var ofSilo = new RecordedMetrics(Silos.Service<PoolMeter>(0));
        await client.GetsAShareAsync();
        await client.Grpc().EmptyAsync(new Nothing()).RepliesAsync();
        Assert.Equal(ofSilo.Instruments.Order(StringComparer.Ordinal), metrics.Instruments.Order(StringComparer.Ordinal));

        metrics.Collect();
        Assert.Superset(
            new HashSet<string>(
            [
                "orleanspool.connection.count", "orleanspool.connection.wait_time", "orleanspool.connection.use_time", "orleanspool.connection.create_time",
                "orleanspool.connection.max", "orleanspool.request.active", "orleanspool.request.max", "orleanspool.lease.renewal.duration", "rpc.client.call.duration",
            ]),
            metrics.Measured);

        // Who sums over all processes must not count the budget once for each client.
        Assert.DoesNotContain(metrics.Measured, name => name.StartsWith("orleanspool.limit.", StringComparison.Ordinal) || name is "orleanspool.lease.granted" or "orleanspool.lease.holders");
        Assert.DoesNotContain("cluster", metrics.Scopes);
    }

    [Fact]
    public async Task Queue_IsTheClientsOwn_InTheOrderOfTheCalls_AndTurnsAwayWhatItHasNoRoomFor()
    {
        await StartAsync(Permits);
        await using var client = await HoldAsync(($"Endpoints:{Endpoint}:Queue:MaxWaiters", "40"));
        await client.GetsAShareAsync();
        _grainCalls.Take();
        var held = new List<(CallRecord Record, Task<Reply> Call)>();
        for (var n = 1; client.Pool().Waiting < 40; n++)
        {
            var record = _upstream.Calls.Expect($"number-{n}");
            held.Add((record, client.Grpc().HoldAsync(new Wish(), record.Metadata).ResponseAsync));
            await Eventually.HoldsAsync(() => client.Pool().InFlight + client.Pool().Waiting >= n, $"{n} calls to be here");
        }

        var refused = await client.Grpc().EmptyAsync(new Nothing()).FailsAsync(StatusCode.ResourceExhausted);
        Assert.Equal(["QueueFull"], refused.Trailers.Under("orleanspool-error"));
        for (var next = 0; next < 10; next++)
        {
            var before = await FirstInOrderAsync(held);
            held[next].Record.OpenGate();
            await held[next].Call.InTime("a reply");
            await Eventually.HoldsAsync(() => Arrived(held) > before, "the next call in the queue to be sent");
        }

        foreach (var (record, _) in held) record.OpenGate();
        await Task.WhenAll(held.Select(each => each.Call)).InTime("all replies");
        Assert.Empty(_grainCalls.Take());
    }

    [Fact]
    public async Task Deadline_OfACallThatWaits_EndsItsWait()
    {
        await StartAsync(Permits);
        await using var client = await HoldAsync();
        await client.GetsAShareAsync();
        var record = _upstream.Calls.Expect("hold");
        var calls = Enumerable.Range(0, 2 * Permits).Select(_ => client.Grpc().HoldAsync(new Wish(), record.Metadata).ResponseAsync).ToList();
        await Eventually.HoldsAsync(() => client.Pool().InFlight + client.Pool().Waiting == calls.Count && client.Pool().Waiting > 0, "calls to wait");
        var late = await Assert.ThrowsAsync<RpcException>(async () => await client.Grpc().EmptyAsync(new Nothing(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await Eventually.HoldsAsync(() => client.Pool().InFlight + client.Pool().Waiting == calls.Count, "its place in the queue to be free");
        record.OpenGate();
        await Task.WhenAll(calls).InTime("all replies");
    }

    [Fact]
    public async Task PushBack_ThatOnlyAClientSees_LowersTheLimitOfAll()
    {
        await StartAsync(Permits, "aimd");
        await using var client = await HoldAsync();
        await client.GetsAShareAsync();
        _grainCalls.Take();
        var before = (await ViewAsync()).Limit;
        await Eventually.HoldsAsync(
            async () =>
            {
                // Of a handful of calls no law concludes anything.
                var refused = Enumerable.Range(0, 50).Select(_ => client.Grpc().UnaryAsync(new Wish { Status = (int)StatusCode.ResourceExhausted }).FailsAsync(StatusCode.ResourceExhausted));
                await Task.WhenAll(refused);
                return (await ViewAsync()).Limit < before;
            },
            "the limit to fall");
        Assert.Empty(_grainCalls.Take());
    }

    [Fact]
    public async Task Leak_InAClient_IsCountedAndNamed()
    {
        await StartAsync(Permits);
        await using var client = await HoldAsync(($"Endpoints:{Endpoint}:Pool:LeakThreshold", "00:00:01"));
        await client.GetsAShareAsync();
        var record = _upstream.Calls.Expect("forgotten");
        var call = client.Grpc().HoldAsync(new Wish(), record.Metadata).ResponseAsync;
        await Eventually.HoldsAsync(() => client.Pool() is { Totals.Leaked: 1, Leaks.Count: 1 }, "the leak to be found");
        Assert.Equal("/orleanspool.test.Interop/Hold", client.Pool().Leaks[0].Method);
        record.OpenGate();
        await call.InTime("the reply");
        await Eventually.HoldsAsync(() => client.Pool().Leaks.Count == 0, "the list to be empty");
    }

    [Fact]
    public async Task Check_InAClient_FindsAnAddressUnwell()
    {
        await StartAsync(Permits);
        await using var client = await HoldAsync(($"Endpoints:{Endpoint}:Check:Kind", "grpc"), ($"Endpoints:{Endpoint}:Check:Interval", "00:00:01"), ($"Endpoints:{Endpoint}:Check:Unhealthy", "1"));
        await client.GetsAShareAsync();

        // The upstream has no service grpc.health.v1.
        await Eventually.HoldsAsync(
            async () =>
            {
                await client.Grpc().EmptyAsync(new Nothing()).RepliesAsync();
                return client.Pool() is { Totals: var totals, Addresses: [{ Phase: not AddressPhase.Well }] } && totals.Ejected[EjectReason.CheckFailed] > 0;
            },
            "the check to find the address unwell");
    }

    [Fact]
    public async Task SmallLimit_HasAPlaceForOneClient_TheOthersAreServedThroughTheCluster()
    {
        await StartAsync(permits: 6);
        await using var one = await HoldAsync();
        await using var two = await HoldAsync();
        await using var three = await HoldAsync();
        PoolClient[] clients = [one, two, three];
        await using var ofOne = new CallLoad(one);
        await using var ofTwo = new CallLoad(two);
        await using var ofThree = new CallLoad(three);
        CallLoad[] loads = [ofOne, ofTwo, ofThree];
        await Task.WhenAll(loads.Select(load => load.MoreAsync(100)));
        await Eventually.HoldsAsync(() => clients.Count(client => client.Pool().Limit > 0) <= 1, "the limit to be concentrated");
        _grainCalls.Take();
        await Task.WhenAll(loads.Select(load => load.MoreAsync(100)));
        Assert.NotEmpty(_grainCalls.Take());
        foreach (var load in loads) Assert.Empty(await load.EndAsync());
    }

    // How many calls have arrived, where these are the first ones: whatever the upstream sees first of two that left together.
    private static async Task<int> FirstInOrderAsync(List<(CallRecord Record, Task<Reply> Call)> calls)
    {
        await Eventually.HoldsAsync(() => calls.Take(Arrived(calls)).All(each => each.Record.Arrived == 1), "calls to be sent in their order");
        return Arrived(calls);
    }

    private static int Arrived(List<(CallRecord Record, Task<Reply> Call)> calls) => calls.Count(each => each.Record.Arrived > 0);

    private async Task StartAsync(int permits, string law = "fixed") => _silos = await TestSilos.StartAsync(
        1,
        _ =>
        [
            .. OfUpstream(),
            ($"Endpoints:{Endpoint}:Pool:Max", "8"),
            ($"Endpoints:{Endpoint}:Limits:Mode", "enforce"),
            ($"Endpoints:{Endpoint}:Limits:Law", law),
            ($"Endpoints:{Endpoint}:Limits:Max", $"{permits}"),
        ],
        _grainCalls.ListenTo);

    private Task<PoolClient> HoldAsync(params (string Key, string Value)[] more) => PoolClient.HoldAsync(Silos.Address, [.. OfUpstream(), .. more]);

    private IEnumerable<(string Key, string Value)> OfUpstream() => [($"Endpoints:{Endpoint}:Protocol", "grpc"), ($"Endpoints:{Endpoint}:Addresses:0", _upstream.Grpc)];

    private async Task<BudgetView> ViewAsync()
    {
        BudgetView? view = null;
        await Eventually.HoldsAsync(async () => (view = await Silos.Service<IBudget>(0).ViewAsync(Endpoint, default)) is not null, "a view of the budget");
        return view!;
    }
}
