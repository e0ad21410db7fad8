using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Cluster.Tests.Budget;

/// <summary>The budget grain over the real leases: who answers, what the next one knows, and what people see of it.</summary>
public sealed class BudgetTakeoverTests : IAsyncLifetime
{
    private const string Endpoint = "shared";

    // Kept by the test, so that it outlives every silo, as a database would.
    private readonly InMemoryBudgetStore _store = new();
    private TestSilos _silos = null!;
    private long _number;

    public async Task InitializeAsync()
    {
        _silos = await TestSilos.StartAsync(2, _ => [], services => services.AddSingleton<IBudgetStore>(_store));
        var settings = new BudgetSettings { Endpoint = Endpoint, Cap = 10, CallsPerChannel = 10, Bounds = new LimitBounds(1, 100, 20) };
        for (var silo = 0; silo < 2; silo++) _silos.Service<BudgetSeats>(silo).Add(settings, new FixedLaw());
    }

    public async Task DisposeAsync() => await _silos.DisposeAsync();

    [Fact]
    public async Task Renew_OfABudgetThatNeverWas_IsDealtFromAtOnce()
    {
        var share = await ShareAsync(0, "a");

        Assert.Equal((1, 100), (share.Epoch, share.Limit));
        Assert.InRange(share.Connections, 1, 10);
    }

    [Fact]
    public async Task Renew_ByTwoHoldersOnTwoSilos_IsDealtByOneAuthority()
    {
        var (one, other) = (await ShareAsync(0, "a"), await ShareAsync(1, "b"));

        Assert.Equal(one.Epoch, other.Epoch);
        Assert.InRange(one.Connections + other.Connections, 2, 10);
        var view = await _silos.Service<IBudget>(0).ViewAsync(Endpoint, default);
        Assert.Equivalent(view! with { Now = default, Holders = [] }, (await _silos.Service<IBudget>(1).ViewAsync(Endpoint, default))! with { Now = default, Holders = [] });
        Assert.Equal(["a", "b"], view!.Holders.Select(holder => holder.Holder));
        Assert.Equal((BudgetMode.Normal, 10), (view.Mode, view.Cap));
    }

    [Fact]
    public async Task Stop_OfTheSiloWithTheBudget_HandsItOverWithoutLearning()
    {
        // Not the first, which has the membership of this cluster.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, _silos.Handles[1].SiloAddress);
        await ShareAsync(0, "a");
        RequestContext.Clear();
        Assert.Equal(_silos.AddressOf(1), (await _store.ReadEndpointAsync(Endpoint, default))!.Row.Owner!.Value.Silo);
        await _silos.StopAsync(1).InTime("the silo to stop");
        var share = await ShareAsync(0, "a");
        var view = await _silos.Service<IBudget>(0).ViewAsync(Endpoint, default);

        Assert.Equal(2, share.Epoch);
        Assert.Equal(BudgetMode.Normal, view!.Mode);
        Assert.Equal("a", Assert.Single(view.Holders).Holder);
    }

    [Fact]
    public async Task View_OfAnUnknownEndpoint_IsNothing() => Assert.Null(await _silos.Service<IBudget>(0).ViewAsync("unknown", default));

    private async Task<RenewReply> ShareAsync(int silo, string holder)
    {
        RenewReply? reply = null;
        await Eventually.HoldsAsync(async () => (reply = await RenewAsync(silo, holder)) is not null, "a share");
        return reply!;
    }

    private ValueTask<RenewReply?> RenewAsync(int silo, string holder) => _silos.Service<IBudget>(silo).RenewAsync(
        Endpoint, new RenewRequest { Holder = holder, Generation = 1, Number = ++_number, Demand = new HolderDemand(5, 0, 10, 0) }, default);
}
