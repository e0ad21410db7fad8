using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>Client processes that hold connections themselves, under the same cap as the silos.</summary>
public sealed class LocalModeTests : IAsyncLifetime
{
    private const string Endpoint = "interop";
    private const int Cap = 8;

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
    public async Task Calls_OnceThereIsAShare_GoWithoutAGrainCall()
    {
        await StartAsync(limit: 32);
        await using var client = await HoldAsync();
        await client.GetsAShareAsync();
        _grainCalls.Take();

        for (var call = 0; call < 20; call++) Assert.Equal(call, (await client.Grpc().UnaryAsync(new Wish { ReplySize = call }).RepliesAsync()).Body.Length);
        Assert.Empty(_grainCalls.Take());
        Assert.InRange(client.Pool().Totals.Acquired, 20, 1000);
    }

    [Fact]
    public async Task Calls_OfAClientThatWasIdle_GoThroughTheClusterUntilItHasAShare()
    {
        await StartAsync(limit: 32);
        await using var client = await HoldAsync();

        // Its first call, and none before made it ask for anything.
        Assert.Equal(7, (await client.Grpc().UnaryAsync(new Wish { ReplySize = 7 }).RepliesAsync()).Body.Length);
        Assert.Single(_grainCalls.Take());
        Assert.Equal(0, client.Pool().Totals.Acquired);
    }

    [Fact]
    public async Task Calls_WhereTheOnlyConnectionIsASilos_GoThroughTheCluster()
    {
        await StartAsync(limit: 6, cap: 1);
        await using var routed = await PoolClient.ConnectAsync(Silos.Address);
        await using var load = new CallLoad(routed);
        await load.MoreAsync(20);
        await using var client = await HoldAsync();
        await using var own = new CallLoad(client);
        await own.MoreAsync(100);

        Assert.Empty(await own.EndAsync());
        Assert.Empty(await load.EndAsync());
        Assert.Equal(0, client.Pool().Totals.Acquired);
    }

    [Fact]
    public async Task Load_OfSilosAndLocalClientsTogether_NeverHasMoreConnectionsThanTheCap()
    {
        await StartAsync(limit: 64);
        await using var routed = await PoolClient.ConnectAsync(Silos.Address);
        await using var one = await HoldAsync();
        await using var other = await HoldAsync();
        await using var throughSilos = new CallLoad(routed);
        await using var ofOne = new CallLoad(one);
        await using var ofOther = new CallLoad(other);
        await Task.WhenAll(throughSilos.MoreAsync(600), ofOne.MoreAsync(600), ofOther.MoreAsync(600));

        // Until a client has its share its calls go through the silos, and a fast machine may have made all of them by then.
        await Eventually.HoldsAsync(() => one.Pool().Totals.Acquired >= 100 && other.Pool().Totals.Acquired >= 100, "both clients to make calls themselves");
        Assert.Empty(await ofOne.EndAsync());
        Assert.Empty(await ofOther.EndAsync());
        Assert.Empty(await throughSilos.EndAsync());
        Assert.InRange(_upstream.Connections.MostOpen, 3, Cap);
    }

    [Fact]
    public async Task Client_ThatStops_GivesItsShareBackAtOnce()
    {
        await StartAsync(limit: 32);
        await using var client = await HoldAsync();
        await client.GetsAShareAsync();
        Assert.Contains(await HoldersAsync(), holder => holder is { IsClient: true, IsDead: false, Connections: > 0 });
        await client.StopAsync();

        Assert.All((await HoldersAsync()).Where(holder => holder.IsClient), holder => Assert.Equal((true, 0), (holder.IsDead, holder.Connections)));
    }

    [Fact]
    public async Task Client_ThatLosesTheCluster_ServesItsCallsToTheEndOfItsLease_ThenClosesItsConnections()
    {
        await StartAsync(limit: 32, Cap, ("Budget:TimeToLive", "00:00:12"));
        await using var client = await HoldAsync(("Budget:TimeToLive", "00:00:12"));
        await client.GetsAShareAsync();
        await Silos.DisposeAsync();
        _silos = null;

        Assert.Equal(7, (await client.Grpc().UnaryAsync(new Wish { ReplySize = 7 }).RepliesAsync()).Body.Length);
        await Eventually.HoldsAsync(() => client.Pool() is { Limit: 0, Connections: 0 } && _upstream.Connections.Open == 0, "its connections to close");
        var failure = await client.Grpc().EmptyAsync(new Nothing()).FailsAsync(Grpc.Core.StatusCode.Unavailable);
        Assert.Equal(["ClusterUnreachable"], failure.Trailers.Under("orleanspool-error"));
    }

    [Fact]
    public async Task Endpoint_ThatTheClientDoesNotName_IsCalledThroughTheCluster()
    {
        await StartAsync(limit: 32);
        await using var client = await PoolClient.HoldAsync(Silos.Address);

        Assert.Equal(7, (await client.Grpc().UnaryAsync(new Wish { ReplySize = 7 }).RepliesAsync()).Body.Length);
        Assert.Single(_grainCalls.Take());
    }

    [Fact]
    public void LocalMode_WithoutConfiguration_IsRefused_AndSaysWhatToDo()
    {
        var refusal = Assert.Throws<InvalidConfigurationException>(() => new ServiceCollection().AddOrleansPoolClient(options => options.Mode = PoolMode.Local));
        Assert.Contains("AddOrleansPoolClient(builder.Configuration", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LocalMode_WithAMistakeInAnEndpoint_IsRefused_AsASiloRefusesIt()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OrleansPool:Endpoints:orders:Protocol", "smtp")]).Build();
        var refusal = Assert.Throws<InvalidConfigurationException>(() => new ServiceCollection().AddOrleansPoolClient(configuration, options => options.Mode = PoolMode.Local));
        Assert.Contains("OrleansPool:Endpoints:orders:Protocol = \"smtp\"", refusal.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(int limit, int cap = Cap, params (string Key, string Value)[] more) => _silos = await TestSilos.StartAsync(
        2,
        _ =>
        [
            .. OfUpstream(),
            ($"Endpoints:{Endpoint}:Pool:Max", $"{cap}"),
            ($"Endpoints:{Endpoint}:Limits:Mode", "enforce"),
            ($"Endpoints:{Endpoint}:Limits:Law", "fixed"),
            ($"Endpoints:{Endpoint}:Limits:Max", $"{limit}"),
            .. more,
        ],
        _grainCalls.ListenTo);

    private Task<PoolClient> HoldAsync(params (string Key, string Value)[] more) => PoolClient.HoldAsync(Silos.Address, [.. OfUpstream(), .. more]);

    private IEnumerable<(string Key, string Value)> OfUpstream() =>
    [
        ($"Endpoints:{Endpoint}:Protocol", "grpc"),
        ($"Endpoints:{Endpoint}:Addresses:0", _upstream.Grpc),
        ($"Endpoints:{Endpoint}:Pool:CallsPerChannel", "8"),
    ];

    private async Task<IReadOnlyList<HolderView>> HoldersAsync()
    {
        BudgetView? view = null;
        await Eventually.HoldsAsync(async () => (view = await Silos.Service<IBudget>(0).ViewAsync(Endpoint, default)) is not null, "a view of the budget");
        return view!.Holders;
    }
}
