using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws.Adaptive;

namespace OrleansPool.Core.Tests.Budget;

public class BudgetHolderTests
{
    private readonly BudgetUnderTest _budget = new(BudgetUnderTest.SettingsOf(limit: 100, cap: 16));

    [Fact]
    public void Holder_WithoutAnAnswer_MayUseNothing() => Assert.Equal(default, _budget.Allowance("a"));

    [Fact]
    public void Share_LastsFromTheSendingOfTheRequest()
    {
        // Rule age_from_send: the answer took 10 s.
        var request = _budget.Request("a", inFlight: 5);
        _budget.Pass(10);
        Assert.True(_budget.Holder("a").Accept(_budget.Authority.Renew(request, _budget.Now)!, _budget.Now));
        Assert.Equal(TimeSpan.FromSeconds(30 - 10 - 2), _budget.Allowance("a").ValidFor);
    }

    [Fact]
    public void Answer_ToAnEarlierRequest_IsVoid()
    {
        // Rule latest_only.
        var early = _budget.Authority.Renew(_budget.Request("a", inFlight: 5), _budget.Now)!;
        _budget.Request("a", inFlight: 5);
        Assert.False(_budget.Holder("a").Accept(early, _budget.Now));
        Assert.Equal(default, _budget.Allowance("a"));
    }

    [Fact]
    public void Answer_TheSecondTime_IsVoid()
    {
        var reply = _budget.Renew("a", inFlight: 5);
        _budget.Pass(1);
        Assert.False(_budget.Holder("a").Accept(reply, _budget.Now));
    }

    [Fact]
    public void Answer_OfAnAuthorityThatWasReplaced_IsVoid()
    {
        var before = _budget.Authority;
        _budget.Authority = _budget.NewAuthority(epoch: 2, mustLearn: true);
        _budget.Renew("a", inFlight: 5);
        Assert.False(_budget.Holder("a").Accept(before.Renew(_budget.Request("a", inFlight: 5), _budget.Now)!, _budget.Now));
    }

    [Fact]
    public void Request_ReportsTheGreaterOfShareAndOpenConnections()
    {
        // Rule count_held, the holder's side.
        var share = _budget.Renew("a", inFlight: 5).Connections;
        Assert.Equal(share, _budget.Request("a", inFlight: 5, open: share - 1).HeldConnections);
        Assert.Equal(share + 3, _budget.Request("a", inFlight: 5, open: share + 3).HeldConnections);
    }

    [Fact]
    public void Request_AfterTheLeaseEnded_ReportsNoMoreThanTheFloorAndWhatIsOpen()
    {
        var floor = _budget.Renew("a", inFlight: 50).Floor;
        _budget.Pass(30);
        var request = _budget.Request("a");
        Assert.Equal((floor, floor, 0), (request.HeldConnections, request.Floor, request.HeldPermits));
    }

    [Fact]
    public void Lease_TwoSecondsBeforeItsEnd_IsNotUsedForNewCallsAndConnectionsAboveTheFloor()
    {
        // Rule sever: what is open may still end by itself.
        var reply = _budget.Renew("a", inFlight: 50);
        _budget.Pass(28);
        Assert.Equal(new HolderAllowance(reply.FloorPermits, reply.Floor, MustSever: false, TimeSpan.FromSeconds(2)), _budget.Allowance("a"));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(3600)]
    public void Lease_AtItsEnd_LeavesTheFloorOnly_HoweverLateOneLooks(int after)
    {
        var reply = _budget.Renew("a", inFlight: 50);
        Assert.InRange(reply.Floor, 1, reply.Connections - 1);
        _budget.Pass(after);
        Assert.Equal(new HolderAllowance(reply.FloorPermits, reply.Floor, MustSever: true, TimeSpan.Zero), _budget.Allowance("a"));
    }

    [Fact]
    public void Lease_OfAnEndpointThatDrains_IsNotSevered()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(100, 40) with { OnLeaseLoss = LeaseLoss.Drain });
        budget.Renew("a", inFlight: 50);
        budget.Pass(31);
        Assert.False(budget.Allowance("a").MustSever);
    }

    [Fact]
    public void Left_Holder_MayUseNothing()
    {
        _budget.Renew("a", inFlight: 50);
        var request = _budget.Holder("a").ComposeLeave(_budget.Now);
        Assert.Equal((0, 0, true), (request.HeldConnections, request.Floor, request.IsLeaving));
        Assert.Equal(default, _budget.Allowance("a"));
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(100, 0.25)]
    public void Renewal_IsDue_EverySecond_AndEvery250MsWhilePermitsAreUsedUp(int inFlight, double due)
    {
        _budget.Renew("a", inFlight: 5);
        _budget.Pass(due - 0.001);
        Assert.False(_budget.Holder("a").IsDue(new HolderDemand(inFlight, 0, inFlight, 0), _budget.Now));
        _budget.Pass(0.001);
        Assert.True(_budget.Holder("a").IsDue(new HolderDemand(inFlight, 0, inFlight, 0), _budget.Now));
    }

    [Fact]
    public void Renewal_WhileTheLawWatchesAStep_IsDueEvery100Ms_ButNotWithoutCalls()
    {
        var controller = new LimitController(new AdaptiveLaw(), _budget.Settings.Bounds, _budget.Now);
        _budget.Authority = new BudgetAuthority(_budget.Settings, controller, epoch: 1, _budget.Now, mustLearn: false);
        Assert.True(controller.IsWatching);
        _budget.Renew("a", inFlight: 5);
        _budget.Pass(.099);
        Assert.False(_budget.Holder("a").IsDue(new HolderDemand(5, 0, 5, 0), _budget.Now));
        _budget.Pass(.001);
        Assert.True(_budget.Holder("a").IsDue(new HolderDemand(5, 0, 5, 0), _budget.Now));
        Assert.False(_budget.Holder("a").IsDue(new HolderDemand(0, 0, 0, 0), _budget.Now));
    }

    [Theory]
    [InlineData(50, 22, 0.25)]
    [InlineData(50, 30, 1)]
    [InlineData(4, 0, 1)]
    public void Renewal_WhenTheNeedFellToLessThanHalf_IsDueAfter250Ms(int told, int now, double due)
    {
        _budget.Renew("a", inFlight: told);
        _budget.Pass(due - .01);
        Assert.False(_budget.Holder("a").IsDue(new HolderDemand(now, 0, told, 0), _budget.Now));
        _budget.Pass(.01);
        Assert.True(_budget.Holder("a").IsDue(new HolderDemand(now, 0, told, 0), _budget.Now));
    }

    [Fact]
    public void Renewal_WhenCallsBeginToWait_IsDueAtOnce_ThenEvery250Ms()
    {
        var starving = new HolderDemand(100, 1, 10, 0);
        _budget.Renew("a", inFlight: 5);
        _budget.Pass(0.02);
        Assert.True(_budget.Holder("a").IsDue(starving, _budget.Now));
        _budget.Renew("a", inFlight: 100, waiting: 1);
        _budget.Pass(0.249);
        Assert.False(_budget.Holder("a").IsDue(starving, _budget.Now));
        _budget.Pass(0.001);
        Assert.True(_budget.Holder("a").IsDue(starving, _budget.Now));
    }

    [Fact]
    public void Renewal_WhileAnAnswerIsUnderWay_WaitsForIt_LongerEachTime()
    {
        var starving = new HolderDemand(100, 1, 10, 0);
        double[] patience = [1, 2, 4, 7.5, 7.5];
        foreach (var seconds in patience)
        {
            _budget.Request("a", inFlight: 100, waiting: 1);
            _budget.Pass(seconds - 0.001);
            Assert.False(_budget.Holder("a").IsDue(starving, _budget.Now));
            _budget.Pass(0.001);
            Assert.True(_budget.Holder("a").IsDue(starving, _budget.Now));
        }
    }

    [Fact]
    public void Holder_WithoutCallsAndConnections_LooksInEveryTenMinutes_OnceItHasSaidSo()
    {
        // With a cap of 3 nobody stands by.
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 30, cap: 3));
        var none = new HolderDemand(0, 0, 0, 0);
        Assert.True(budget.Holder("a").IsDue(none, budget.Now), "the first request is due at once");
        budget.Renew("a", inFlight: 5);
        budget.Pass(30);
        Assert.Equal(0, budget.Renew("a").Connections);
        budget.Pass(10);
        Assert.True(budget.Holder("a").IsDue(none, budget.Now), "it has not said yet that it has given all back");
        budget.Renew("a");
        budget.Pass(599);
        Assert.False(budget.Holder("a").IsDue(none, budget.Now));
        budget.Pass(1);
        Assert.True(budget.Holder("a").IsDue(none, budget.Now));
    }

    [Fact]
    public void Holder_WhoseLeaseEnded_UsesItsFloor_AndForwardsTheRest()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 20, cap: 80, callsPerChannel: 1));
        string[] names = ["a", "b", "c", "d"];
        for (var round = 0; round < 8; round++)
        {
            foreach (var name in names) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 5);
            budget.Pass(1);
        }

        var other = names.First(name => budget.Allowance(name).Permits == 0);
        Assert.NotEmpty(budget.Holder(other).ForwardTo);
        budget.Pass(28);
        Assert.True(budget.Allowance(other).Permits > 0);
        Assert.NotEmpty(budget.Holder(other).ForwardTo);
    }
}
