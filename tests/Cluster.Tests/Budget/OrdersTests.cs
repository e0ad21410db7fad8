using System.Net;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Cluster.Tests.Budget;

/// <summary>What an operator tells one silo, all of them do.</summary>
public sealed class OrdersTests : IAsyncLifetime
{
    private const string Endpoint = "interop";

    // Silos without calls renew each 10 s: what they do sooner they were told.
    private static readonly TimeSpan _soonerThanARenewal = TimeSpan.FromSeconds(5);

    private InteropUpstream _upstream = null!;
    private TestSilos _silos = null!;

    public async Task InitializeAsync()
    {
        _upstream = await InteropUpstream.StartAsync();
        _silos = await TestSilos.StartAsync(2, _ => [($"Endpoints:{Endpoint}:Protocol", "grpc"), ($"Endpoints:{Endpoint}:Addresses:0", _upstream.Grpc)]);
    }

    public async Task DisposeAsync()
    {
        await _silos.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Pause_ToldToAnySilo_HoldsOnAllOfThem_BeforeTheirNextRenewal(int told)
    {
        await OrderAsync(told, OrderVerb.Pause);
        await Eventually.HoldsAsync(() => AllPools(pool => pool.IsPaused), "both silos to pause", _soonerThanARenewal);
        await OrderAsync(1 - told, OrderVerb.Resume);
        await Eventually.HoldsAsync(() => AllPools(pool => !pool.IsPaused), "both silos to resume", _soonerThanARenewal);
    }

    [Fact]
    public async Task Pause_ReachesAClientThatHoldsItsOwnConnections()
    {
        await using var client = await PoolClient.HoldAsync(_silos.Address, ($"Endpoints:{Endpoint}:Protocol", "grpc"), ($"Endpoints:{Endpoint}:Addresses:0", _upstream.Grpc), ($"Endpoints:{Endpoint}:Limits:Mode", "off"), ($"Endpoints:{Endpoint}:Pool:Max", "40"));
        await using var load = new CallLoad(client);
        await Eventually.HoldsAsync(() => client.Pool().InFlight > 0, "the client to make calls itself");
        await OrderAsync(0, OrderVerb.Pause);
        await Eventually.HoldsAsync(() => client.Pool() is { IsPaused: true, InFlight: 0 }, "the client to pause");
        await OrderAsync(0, OrderVerb.Resume);
        await load.MoreAsync(50);
        Assert.Empty(await load.EndAsync());
    }

    [Fact]
    public async Task Upstream_RestartedWhilePaused_FailsNoCall()
    {
        await using var client = await PoolClient.ConnectAsync(_silos.Address);
        await using var load = new CallLoad(client);
        await load.MoreAsync(200);
        await OrderAsync(0, OrderVerb.Pause);
        await Eventually.HoldsAsync(() => AllPools(pool => pool is { IsPaused: true, InFlight: 0 }), "calls in flight to finish");
        await _upstream.StopAsync().InTime("the upstream to stop");
        await Eventually.HoldsAsync(() => Enumerable.Range(0, 2).Sum(silo => _silos.Pool(silo, Endpoint).Waiting) > 0, "calls to wait");
        await using var second = await InteropUpstream.StartAsync(grpcPort: IPEndPoint.Parse(_upstream.Grpc).Port);
        await OrderAsync(1, OrderVerb.Resume);
        await load.MoreAsync(200);
        Assert.Empty(await load.EndAsync());
    }

    [Fact]
    public async Task Drain_ClosesEveryConnection_AndResumeBringsCallsBack()
    {
        await using var client = await PoolClient.ConnectAsync(_silos.Address);
        await using var load = new CallLoad(client);
        await load.MoreAsync(50);
        await OrderAsync(0, OrderVerb.Drain);
        await Eventually.HoldsAsync(() => AllPools(pool => pool.Connections == 0) && _upstream.Connections.Open == 0, "every connection to close");
        await OrderAsync(0, OrderVerb.Resume);
        await load.MoreAsync(50);
        Assert.Empty(await load.EndAsync());
    }

    [Fact]
    public async Task Limit_ThatWasSet_IsTheClustersOwn_AndItsViewSaysWhy()
    {
        await OrderAsync(1, new Order(OrderVerb.SetLimit, Number: 3));
        var view = await _silos.Service<IBudget>(0).ViewAsync(Endpoint, default);
        Assert.Equal((3, LimitReason.Ordered, 3), (view!.Limit, view.Reason, view.Orders.Limit));
    }

    private bool AllPools(Func<Core.Pooling.PoolSnapshot, bool> condition) => Enumerable.Range(0, 2).All(silo => condition(_silos.Pool(silo, Endpoint)));

    private Task OrderAsync(int silo, OrderVerb verb) => OrderAsync(silo, new Order(verb));

    private async Task OrderAsync(int silo, Order order) =>
        Assert.Equal(OrderOutcome.InForce, await _silos.Service<EndpointOrders>(silo).GiveAsync(Endpoint, order, CancellationToken.None));
}
