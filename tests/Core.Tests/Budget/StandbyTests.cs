namespace OrleansPool.Core.Tests.Budget;

/// <summary>Who has no calls, or none of its own: it keeps a connection, so that service goes on when those die who have the shares.</summary>
public class StandbyTests
{
    [Fact]
    public void Holders_ThatJoin_StandByWithAConnectionEach_WithoutACall()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        var replies = Names(8).Select(name => budget.Renew(name)).ToList();
        Assert.All(replies, reply => Assert.Equal((1, 1), (reply.Connections, reply.Floor)));
        Assert.All(replies, reply => Assert.InRange(reply.Permits, 1, 10));
        Assert.All(replies, reply => Assert.Equal(TimeSpan.FromSeconds(10), reply.RenewAfter));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(8, 2)]
    [InlineData(10, 2)]
    [InlineData(32, 8)]
    [InlineData(1000, 8)]
    public void Standbys_TakeAQuarterOfTheConnectionsAtMost_AndAreNoMoreThanEight(int cap, int expected)
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 1, cap));
        Assert.Equal(expected, Names(40).Sum(name => budget.Renew(name).Connections));
    }

    [Fact]
    public void HotHolder_AmongSilentOnes_GetsAllThatDoesNotStandBy()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 8, cap: 8, callsPerChannel: 1));
        foreach (var name in Names(7)) budget.Renew(name);
        var hot = budget.Renew("hot", waiting: 50);
        Assert.Equal((6, 6), (hot.Permits, hot.Connections));
    }

    [Fact]
    public void HotHolder_OfAMultiplexedUpstream_GetsTheWholeLimit()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        foreach (var name in Names(7)) budget.Renew(name);
        Assert.Equal((100, 10), (budget.Renew("hot", waiting: 500).Permits, budget.Allowance("hot").Connections));
    }

    [Fact]
    public void Standby_ThatCameWhenAllWasTaken_GetsItsConnectionOnceTheOthersGaveOneBack()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 8, cap: 8, callsPerChannel: 1));
        Assert.Equal(8, budget.Renew("hot", waiting: 50).Connections);
        var first = budget.Renew("late");
        Assert.Equal((0, TimeSpan.FromSeconds(10)), (first.Connections, first.RenewAfter));
        budget.Renew("hot", inFlight: 7, waiting: 50, open: 7);
        Assert.Equal(0, budget.Renew("late").Connections);
        budget.Renew("hot", inFlight: 7, waiting: 50, open: 7);
        Assert.Equal(1, budget.Renew("late").Connections);
    }

    [Fact]
    public void Floors_OfAllTogether_AreHalfOfTheCapAtMost()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 24));
        for (var round = 0; round < 3; round++)
        {
            foreach (var name in Names(6)) budget.Renew(name);
            foreach (var name in (string[])["x", "y", "z"]) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 100);
            budget.Pass(1);
        }

        Assert.InRange(Names(6).Concat(["x", "y", "z"]).Sum(name => budget.Holder(name).Floor), 11, 12);
    }

    [Fact]
    public void FloorPermits_OfAllTogether_AreTheLimit_AsFarAsFloorsCarryIt()
    {
        Assert.Equal([1, 1, 3], FloorPermitsOf(limit: 10, cap: 10));
        Assert.Equal([1, 1, 8], FloorPermitsOf(limit: 10, cap: 40));
    }

    private static IEnumerable<int> FloorPermitsOf(int limit, int cap)
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit, cap, callsPerChannel: 1));
        for (var round = 0; round < 4; round++)
        {
            foreach (var name in Names(2)) budget.Renew(name);
            budget.Renew("hot", inFlight: budget.Allowance("hot").Permits, waiting: 5, open: budget.Allowance("hot").Connections);
        }

        budget.Pass(60);
        return Names(2).Append("hot").Select(name => budget.Allowance(name).Permits);
    }

    [Fact]
    public void Connections_ThatAreScarce_NeverGatherAtOneHolder_WhileOthersHaveCalls()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 10, callsPerChannel: 1));
        for (var round = 0; round < 40; round++)
        {
            foreach (var name in Names(3)) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 10, open: budget.Allowance(name).Connections);
            budget.Pass(0.25);
        }

        var connections = Names(3).Select(name => budget.Allowance(name).Connections).ToList();
        Assert.InRange(connections.Max(), 4, 6);
        Assert.Equal(10, connections.Sum());
        Assert.Equal(10, Names(3).Sum(name => budget.Allowance(name).Permits));
    }

    [Fact]
    public void Standby_WithCalls_HasThePermitThatOthersCannotUse_AndForwardsTheRestToThem()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 10, callsPerChannel: 1));
        for (var round = 0; round < 40; round++)
        {
            foreach (var name in Names(3)) budget.Renew(name, inFlight: Math.Min(2, budget.Allowance(name).Permits), waiting: 2, open: budget.Allowance(name).Connections);
            budget.Pass(0.25);
        }

        var replies = Names(3).ToDictionary(name => name, name => budget.Renew(name, inFlight: 1, waiting: 2, open: budget.Allowance(name).Connections));
        var standby = Assert.Single(replies, reply => reply.Value.Permits == 1);
        Assert.Equal(Names(3).Except([standby.Key]), standby.Value.ForwardTo.Order());
        Assert.All(replies.Where(reply => reply.Key != standby.Key), reply => Assert.Empty(reply.Value.ForwardTo));
    }

    [Fact]
    public void Standby_WhenTheAuthorityDiesWithWhoHadTheShares_ServesItsCallsAtOnce_AndMoreOnceTheNextAuthorityAnswers()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        budget.Renew("here");
        budget.Renew("there");
        budget.Renew("hot", inFlight: 100, waiting: 100);
        budget.Pass(5);
        Assert.InRange(budget.Allowance("here").Permits, 1, 10);

        budget.Authority = budget.NewAuthority(epoch: 2, mustLearn: true);
        budget.Renew("here", inFlight: budget.Allowance("here").Permits, waiting: 20);
        budget.Pass(11);
        var reply = budget.Renew("here", inFlight: budget.Allowance("here").Permits, waiting: 20);
        Assert.Equal((10, 1), (reply.Permits, reply.Connections));
    }

    [Fact]
    public void Standby_ThatNobodyGrantsAnything_KeepsItsFloor()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        budget.Renew("a");
        budget.Pass(3600);
        Assert.Equal((1, 10), (budget.Allowance("a").Connections, budget.Allowance("a").Permits));
    }

    [Fact]
    public void Learning_Authority_DealsPermitsByNeed_OnceAllHaveBeenHeard_AsFarAsConnectionsCarryThem()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        string[] names = ["a", "b", "dead"];
        for (var round = 0; round < 8; round++)
        {
            foreach (var name in names) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 50);
            budget.Pass(0.25);
        }

        var before = names.ToDictionary(name => name, name => budget.Allowance(name));
        budget.Authority = budget.NewAuthority(epoch: 2, mustLearn: true);
        foreach (var name in names[..2]) Assert.Equal(before[name].Permits, budget.Renew(name, inFlight: before[name].Permits, waiting: 50).Permits);
        budget.Pass(10);
        for (var round = 0; round < 4; round++)
        {
            foreach (var name in names[..2]) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 50);
        }

        Assert.All(names[..2], name => Assert.Equal((before[name].Connections * 10, before[name].Connections), (budget.Allowance(name).Permits, budget.Allowance(name).Connections)));
    }

    [Fact]
    public void Learning_Authority_ThatHasHeardAHolderWithFarMorePermits_LetsTheOthersForwardToIt_FromItsFirstAnswerOn()
    {
        var (budget, standbys) = HotAmongStandbys();
        var before = budget.Allowance("hot").Permits;
        budget.Authority = budget.NewAuthority(epoch: 2, mustLearn: true);
        Assert.Empty(budget.Renew(standbys[0], inFlight: 1, waiting: 3).ForwardTo);
        var hot = budget.Renew("hot", inFlight: before, waiting: 5);
        Assert.Equal(before, hot.Permits);
        Assert.Empty(hot.ForwardTo);
        Assert.All(standbys, name => Assert.Equal(["hot"], budget.Renew(name, inFlight: 1, waiting: 3).ForwardTo));
    }

    [Fact]
    public void Learning_Authority_GivesPermitsToWhoHasTheConnections_AlsoWhenItIsHeardLast()
    {
        var (budget, standbys) = HotAmongStandbys();
        var connections = budget.Allowance("hot").Connections;
        Assert.InRange(connections, 10, 16);
        budget.Authority = budget.NewAuthority(epoch: 2, mustLearn: true);
        for (var round = 0; round < 40; round++)
        {
            foreach (var name in standbys) budget.Renew(name, inFlight: 1, waiting: 3);
            budget.Pass(0.25);
        }

        for (var round = 0; round < 2; round++) budget.Renew("hot", inFlight: 1, waiting: 1);
        Assert.Equal((10, connections), (budget.Allowance("hot").Permits, budget.Allowance("hot").Connections));
        Assert.All(standbys[1..], name => Assert.Equal(["hot"], budget.Renew(name, inFlight: 1, waiting: 3).ForwardTo));
    }

    [Fact]
    public void Learning_Authority_ChoosesAsManyAsCarryTheLimit_WhereConnectionsLieScattered()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 64, cap: 64, callsPerChannel: 1), mustLearn: true);
        var names = Names(16).ToList();
        for (var round = 0; round < 48; round++)
        {
            foreach (var name in names) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 4, open: 4);
            budget.Pass(0.25);
        }

        Assert.Equal(64, names.Sum(name => budget.Allowance(name).Permits));
    }

    [Fact]
    public void Permits_OfAHolderWhoseCallsHaveJustEnded_LeaveRoomForOneThatHasSome()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 20, cap: 10));
        budget.Renew("first");
        budget.Renew("late");
        budget.Pass(1);
        budget.Renew("first", inFlight: 1);
        budget.Pass(0.05);
        Assert.Equal(20, budget.Renew("first").Permits);
        budget.Pass(1);
        Assert.InRange(budget.Renew("late", inFlight: 1, waiting: 3).Permits, 2, 20);
    }

    [Fact]
    public void Holder_ThatDrains_LeavesThePermitsToOneThatTakesCalls_AndIsForwardedToNoMore()
    {
        var (budget, standbys) = HotAmongStandbys();
        for (var round = 0; round < 8; round++)
        {
            budget.Renew("hot", inFlight: 2, open: 2, isDraining: true);
            budget.Renew(standbys[0], inFlight: Math.Min(1, budget.Allowance(standbys[0]).Permits), waiting: 3, open: 1);
            budget.Pass(0.25);
        }

        Assert.InRange(budget.Allowance(standbys[0]).Permits, 4, 10);
        Assert.Empty(budget.Renew(standbys[0], inFlight: 1, waiting: 3, open: 1).ForwardTo);
    }

    private static (BudgetUnderTest Budget, List<string> Standbys) HotAmongStandbys()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 40, callsPerChannel: 1));
        var standbys = Names(7).ToList();
        foreach (var name in standbys) budget.Renew(name);
        for (var round = 0; round < 4; round++) budget.Renew("hot", inFlight: budget.Allowance("hot").Permits, waiting: 5, open: budget.Allowance("hot").Connections);
        return (budget, standbys);
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"h{i}");
}
