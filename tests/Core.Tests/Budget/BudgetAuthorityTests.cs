using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Tests.Budget;

public class BudgetAuthorityTests
{
    private readonly BudgetUnderTest _budget = new();

    [Fact]
    public void SingleHolder_UnderLoad_GetsTheWholeLimitAndItsConnections()
    {
        var reply = _budget.Renew("a", inFlight: 100, waiting: 50);
        Assert.Equal((100, 10), (reply.Permits, reply.Connections));
    }

    [Fact]
    public void Request_WithTheNumberOfTheLastOne_IsIgnored()
    {
        // Rule latest_only, the authority's side: a second answer could grant less than the first, which the holder goes by.
        var request = _budget.Request("a", inFlight: 5);
        Assert.NotNull(_budget.Authority.Renew(request, _budget.Now));
        Assert.Null(_budget.Authority.Renew(request, _budget.Now));
    }

    [Fact]
    public void Request_OfAnOlderProcess_IsIgnored()
    {
        var late = _budget.Request("a", inFlight: 5);
        _budget.Renew("a", inFlight: 5, generation: 2);
        Assert.Null(_budget.Authority.Renew(late, _budget.Now));
    }

    [Fact]
    public void Share_ThatShrinks_StaysTakenUntilTheHolderReportsLess()
    {
        // Rule count_held, the authority's side.
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));
        Assert.Equal(10, budget.Renew("a", inFlight: 100, waiting: 100).Connections);
        Assert.Equal(0, budget.Renew("b", inFlight: 0, waiting: 200).Connections);
        Assert.Equal(5, budget.Renew("a", inFlight: 100, waiting: 100, open: 10).Connections);
        Assert.Equal(0, budget.Renew("b", inFlight: 0, waiting: 200).Connections);
        budget.Renew("a", inFlight: 70, waiting: 100, open: 7);
        Assert.Equal(3, budget.Renew("b", inFlight: 0, waiting: 200).Connections);
    }

    [Fact]
    public void Silent_Holder_KeepsItsConnectionsForTheReserve_ThenItsFloor()
    {
        // Rule reserve.
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));
        var lost = budget.Renew("a", inFlight: 100, waiting: 100);
        Assert.Equal((10, 5), (lost.Connections, lost.Floor));
        budget.Pass(59.999);
        Assert.Equal(0, budget.Renew("b", waiting: 200).Connections);
        budget.Pass(0.001);
        Assert.Equal(5, budget.Renew("b", waiting: 200).Connections);
        budget.Pass(3600);
        Assert.Equal(5, budget.Renew("b", waiting: 200).Connections);
    }

    [Fact]
    public void Request_UnderWayForLongerThanTheReserve_IsBelievedOfItsFloorOnly()
    {
        // With F below TTL its answer would still be in time, and others have by now what it reports.
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10) with { FreezeTolerance = TimeSpan.FromSeconds(5) });
        Assert.Equal(5, budget.Renew("a", inFlight: 100).Floor);
        budget.Pass(29);
        var late = budget.Request("a", inFlight: 100, open: 10);
        budget.Pass(6);
        Assert.Equal(5, budget.Renew("b", waiting: 200).Connections);
        var reply = budget.Authority.Renew(late, budget.Now)!;
        Assert.Equal(5, reply.Connections);
        Assert.True(budget.Holder("a").Accept(reply, budget.Now));
    }

    [Fact]
    public void Dead_Holder_LosesItsPermitsAtOnce_AndNotItsConnections()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 20));
        budget.Renew("a", inFlight: 100, waiting: 100);
        Assert.Equal(0, budget.Renew("b", waiting: 200).Permits);
        budget.Authority.HolderDied("a", 1, budget.Now);
        var reply = budget.Renew("b", waiting: 200);
        Assert.Equal((100, 10), (reply.Permits, reply.Connections));
    }

    [Fact]
    public void Holder_ThatMissesItsRenewals_LendsItsPermits_AndKeepsItsConnections()
    {
        for (var round = 0; round < 8; round++)
        {
            _budget.Renew("a", inFlight: _budget.Allowance("a").Permits, waiting: 100);
            _budget.Renew("b", inFlight: _budget.Allowance("b").Permits, waiting: 100);
            _budget.Pass(0.25);
        }

        Assert.InRange(_budget.Renew("b", inFlight: 50, waiting: 100).Permits, 49, 51);
        _budget.Pass(1.7);
        Assert.InRange(_budget.Renew("b", inFlight: 50, waiting: 100).Permits, 49, 51);
        _budget.Pass(0.2);
        Assert.Equal(100, _budget.Renew("b", inFlight: 50, waiting: 100).Permits);
        Assert.Equal(5, _budget.Authority.View(_budget.Now).Holders.Single(holder => holder.Holder == "a").Connections);

        // It was cut off, and has used them all the time: they are its own until they come back.
        Assert.InRange(_budget.Renew("a", inFlight: 50, waiting: 100).Permits, 49, 51);
        Assert.InRange(_budget.Renew("b", inFlight: 100, waiting: 100).Permits, 49, 51);
    }

    [Fact]
    public void Holder_ThatComesBackAsANewerProcess_ProvesThatItsConnectionsAreClosed()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));
        budget.Renew("a", inFlight: 100, waiting: 100);
        budget.Renew("a", generation: 2);

        // The newer process stands by with one.
        Assert.Equal(9, budget.Renew("b", waiting: 200).Connections);
    }

    [Fact]
    public void Holder_ThatLeaves_GivesAllBackAtOnce()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));
        budget.Renew("a", inFlight: 100, waiting: 100);
        Assert.NotNull(budget.Authority.Renew(budget.Holder("a").ComposeLeave(budget.Now), budget.Now));
        Assert.Equal(10, budget.Renew("b", waiting: 200).Connections);
    }

    [Fact]
    public void Learning_Authority_GrantsExactlyWhatIsReported()
    {
        // Rule learning: b's share of the authority before is unknown here.
        _budget.Renew("a", inFlight: 50);
        var held = _budget.Holder("a").Allowance(_budget.Now);
        _budget.Authority = _budget.NewAuthority(epoch: 2, mustLearn: true);
        var reply = _budget.Renew("a", inFlight: 50, waiting: 100);
        Assert.Equal((held.Permits, held.Connections), (reply.Permits, reply.Connections));
        Assert.Equal(0, _budget.Renew("new", waiting: 100).Connections);
        Assert.Equal(BudgetMode.Learning, _budget.Authority.View(_budget.Now).Mode);
        _budget.Pass(60);
        Assert.Equal(BudgetMode.Normal, _budget.Authority.View(_budget.Now).Mode);
        Assert.True(_budget.Renew("new", waiting: 100).Connections > 0);
    }

    [Fact]
    public void Learning_Authority_LeavesTheFloorOfAnEndedLeaseInUse()
    {
        var floor = _budget.Renew("a", inFlight: 50).Floor;
        _budget.Pass(40);
        _budget.Authority = _budget.NewAuthority(epoch: 2, mustLearn: true);
        var reply = _budget.Renew("a", inFlight: 5, waiting: 100, open: floor);
        Assert.Equal(floor, reply.Connections);
        Assert.InRange(reply.Permits, 1, floor * _budget.Settings.CallsPerChannel);

        // Nor is there anybody to forward to: who has connections uses them.
        Assert.Empty(reply.ForwardTo);
    }

    [Theory]
    [InlineData(LimitMode.Observe)]
    [InlineData(LimitMode.Off)]
    public void Limit_ThatIsNotEnforced_IsWhatTheCapCarries(LimitMode mode)
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40) with { Mode = mode });
        var reply = budget.Renew("a", inFlight: 100, waiting: 1000);
        Assert.Equal((400, 40, 400), (reply.Permits, reply.Connections, reply.Limit));
    }

    [Fact]
    public void Idle_Holder_KeepsItsMinimumOnly_AndIsAskedToRenewSeldom()
    {
        _budget.Renew("a", inFlight: 50, min: 2);
        _budget.Pass(29);
        Assert.True(_budget.Renew("a", min: 2).Connections > 2);
        _budget.Pass(1);
        var reply = _budget.Renew("a", min: 2);
        Assert.Equal((2, TimeSpan.FromSeconds(10)), (reply.Connections, reply.RenewAfter));
    }

    [Fact]
    public void View_ShowsWhoHasWhat()
    {
        _budget.Renew("a", inFlight: 5);
        _budget.Renew("b", inFlight: 7, waiting: 2);
        _budget.Pass(10);
        var view = _budget.Authority.View(_budget.Now);
        Assert.Equal(["a", "b"], view.Holders.Select(holder => holder.Holder));
        Assert.Equal((7, 2, TimeSpan.FromSeconds(20)), (view.Holders[1].InFlight, view.Holders[1].Waiting, view.Holders[1].TimeLeft));
        Assert.Equal(view.ConnectionsTaken, view.Holders.Sum(holder => holder.Connections));
        Assert.Equal((100, 40, 1L), (view.Limit, view.Cap, view.Epoch));
    }
}
