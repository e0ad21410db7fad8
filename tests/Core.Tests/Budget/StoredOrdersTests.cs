using OrleansPool.Core.Budget;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>Which orders outlive whom: silos, and the whole cluster.</summary>
public class StoredOrdersTests
{
    private readonly ClusterUnderTest _cluster = new();

    [Fact]
    public async Task Order_ThatIsKept_IsStoredAtOnce_AndHoldsWhenAllSilosStartAnew()
    {
        await _cluster.Pass(1, "one");
        Assert.Equal(OrderOutcome.Stored, await Order("one", new Order(OrderVerb.SetLimit, Number: 12, IsKept: true)));
        Assert.Equal(OrderOutcome.InForce, await Order("one", new Order(OrderVerb.Pause)));
        var reply = await TakeOver("two", "b");
        Assert.True(reply.Orders is { Limit: 12, IsPaused: false });
        Assert.Equal(12, reply.Limit);
    }

    [Fact]
    public async Task Order_ThatIsNotKept_OutlivesTheSiloThatHasTheBudget_WhileHoldersLive()
    {
        await _cluster.Pass(1, "one");
        await Order("one", new Order(OrderVerb.Pause));
        await _cluster.Renew("one", "a");
        Assert.True((await TakeOver("two", "a")).Orders.IsPaused);
    }

    [Fact]
    public async Task Order_ThatIsKept_IsHandedOver()
    {
        await _cluster.Pass(1, "one", "two");
        await Order("one", new Order(OrderVerb.Pause, IsKept: true));
        await _cluster.Seat("one").ReleaseAsync(CancellationToken.None);
        Assert.True((await _cluster.Renew("two", "b"))!.Orders.IsPaused);
    }

    [Fact]
    public async Task Order_WhileTheStoreIsAway_IsInForce_SaysSo_AndIsStoredWhenItIsBack()
    {
        await _cluster.Pass(1, "one");
        await _cluster.Renew("one", "a");
        _cluster.Store.IsAway = true;
        Assert.Equal(OrderOutcome.NotStored, await Order("one", new Order(OrderVerb.Pause, IsKept: true)));
        Assert.True((await _cluster.Renew("one", "a"))!.Orders.IsPaused);
        _cluster.Store.IsAway = false;
        await _cluster.Pass(13, "one");
        var row = await _cluster.Store.ReadEndpointAsync("orders", CancellationToken.None);
        Assert.True(row!.Row.Orders is { IsPaused: true });
    }

    [Fact]
    public async Task Order_ToASiloWithoutALease_ChangesNothing() =>
        Assert.Equal(OrderOutcome.NobodyAnswers, await Order("one", new Order(OrderVerb.Pause)));

    /// <summary>All silos but this one are dead; the first answer that the holder gets from it.</summary>
    private async Task<RenewReply> TakeOver(string silo, string holder)
    {
        for (var step = 0; step < 40; step++)
        {
            await _cluster.Pass(0.5, silo);
            if (await _cluster.Renew(silo, holder, inFlight: 100) is { } reply) return reply;
        }

        throw new InvalidOperationException($"{silo} never took the budget over");
    }

    private async Task<OrderOutcome> Order(string silo, Order order) => await _cluster.Seat(silo).OrderAsync(order, CancellationToken.None);
}
