using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>What operators tell an endpoint, from its authority to the holders.</summary>
public class OrdersTests
{
    private readonly BudgetUnderTest _budget = new(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));

    [Fact]
    public void Pause_ReachesEachHolderWithItsNextRenewal_AndOneThatJoinsLater_AndTakesNoShareAway()
    {
        var before = _budget.Renew("a", inFlight: 50);
        Take(OrderVerb.Pause);
        var paused = _budget.Renew("a", inFlight: 50, open: before.Connections);
        Assert.True(paused.Orders is { IsPaused: true, HoldsCalls: true, IsDrained: false });
        Assert.Equal(before.Connections, paused.Connections);
        Assert.True(_budget.Renew("b").Orders.IsPaused);
        Assert.True(_budget.Renew("client").Orders.IsPaused);
        Take(OrderVerb.Resume);
        Assert.False(_budget.Renew("a").Orders.HoldsCalls);
    }

    [Fact]
    public void Resume_EndsADrainToo()
    {
        Take(OrderVerb.Pause);
        Take(OrderVerb.Drain);
        Assert.True(_budget.Renew("a").Orders is { IsPaused: true, IsDrained: true });
        Take(OrderVerb.Resume);
        Assert.True(_budget.Renew("a").Orders is { IsPaused: false, IsDrained: false, HoldsCalls: false });
    }

    [Fact]
    public void Limit_ThatWasSet_HoldsWhateverTheLawAndTheModeSay_AndGivesWayWhenTakenBack()
    {
        Take(new Order(OrderVerb.SetMode, Mode: LimitMode.Off));
        Assert.Equal(100, _budget.Renew("a", inFlight: 60, waiting: 100).Permits);
        Take(new Order(OrderVerb.SetLimit, Number: 40));
        Assert.Equal(40, _budget.Renew("a", inFlight: 60, waiting: 100).Permits);
        Pass(20);
        var view = _budget.Authority.View(_budget.Now);
        Assert.Equal((40, LimitReason.Ordered, LimitMode.Enforce), (view.Limit, view.Reason, view.LimitMode));
        Take(new Order(OrderVerb.SetMode));
        Take(new Order(OrderVerb.SetLimit));
        Pass(6);
        Assert.Equal(100, _budget.Renew("a", inFlight: 60, waiting: 100).Permits);
        Assert.NotEqual(LimitReason.Ordered, _budget.Authority.View(_budget.Now).Reason);
    }

    [Fact]
    public void Cap_ThatWasSet_IsReachedByAndBy_AndNeverAboveTheConfiguredOne()
    {
        Assert.Equal(10, _budget.Renew("a", inFlight: 100, waiting: 100).Connections);
        Take(new Order(OrderVerb.SetCap, Number: 4));
        Assert.Equal(0, _budget.Renew("b", waiting: 200).Connections);
        _budget.Renew("a", inFlight: 100, waiting: 100, open: 10);
        _budget.Renew("a", inFlight: 20, waiting: 100, open: 2);
        Assert.Equal(2, _budget.Renew("b", waiting: 200).Connections);
        Take(new Order(OrderVerb.SetCap, Number: 400));
        Assert.Equal(10, _budget.Authority.Cap);
        Take(new Order(OrderVerb.SetCap));
        Assert.Equal(10, _budget.Authority.Cap);
    }

    [Fact]
    public void Authority_ThatIsNew_HearsOfOrdersFromTheHolders_AndDropsWhatIsOlderThanItsOwn()
    {
        Take(OrderVerb.Pause);
        _budget.Renew("a");
        _budget.Authority = _budget.NewAuthority(epoch: 2, mustLearn: true);
        Assert.True(_budget.Renew("a").Orders.IsPaused);
        Assert.True(_budget.Renew("b").Orders.IsPaused);
        _budget.Authority = _budget.NewAuthority(epoch: 3, mustLearn: true);
        Take(new Order(OrderVerb.SetLimit, Number: 7));
        Assert.True(_budget.Renew("a").Orders is { IsPaused: false, Limit: 7 });
    }

    [Fact]
    public void Client_ThatOutlivedTheCluster_BringsNoOrdersBack()
    {
        Take(OrderVerb.Pause);
        _budget.Renew("client");
        _budget.Authority = _budget.NewAuthority(epoch: 2, mustLearn: false);
        Assert.False(_budget.Renew("client").Orders.IsPaused);
    }

    [Theory]
    [InlineData(OrderVerb.Pause, OrderVerb.Resume)]
    [InlineData(OrderVerb.Drain, OrderVerb.Resume)]
    public void Order_ThatIsKept_IsTakenBackForGood_ByOneThatIsNot(OrderVerb verb, OrderVerb back)
    {
        Take(new Order(verb, IsKept: true));
        Take(OrderVerb.Reconnect);
        Assert.True(_budget.Authority.KeptOrders is { HoldsCalls: true, Reconnects: 0 });
        Take(back);
        Assert.Equal(Orders.None, _budget.Authority.KeptOrders);
    }

    [Fact]
    public void Number_OfOrders_GrowsWithEach_AndFromAuthorityToAuthority()
    {
        Take(OrderVerb.EvictIdle);
        var first = _budget.Renew("a").Orders;
        Take(OrderVerb.EvictIdle);
        var second = _budget.Renew("a").Orders;
        _budget.Authority = _budget.NewAuthority(epoch: 2, mustLearn: false);
        Take(OrderVerb.EvictIdle);
        Assert.True(first.Number < second.Number && second.Number < _budget.Renew("b").Orders.Number);
        Assert.Equal((1, 2), (first.Evictions, second.Evictions));
    }

    private void Take(OrderVerb verb) => Take(new Order(verb));

    private void Take(Order order) => _budget.Authority.Take(order, _budget.Now);

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _budget.Pass(1);
            var request = _budget.Request("a", inFlight: 60, waiting: 100) with { Sample = new LoadSample { Span = TimeSpan.FromSeconds(1), Good = 600 } };
            Assert.True(_budget.Holder("a").Accept(_budget.Authority.Renew(request, _budget.Now)!, _budget.Now));
        }
    }
}
