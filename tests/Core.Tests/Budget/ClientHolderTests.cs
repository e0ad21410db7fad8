namespace OrleansPool.Core.Tests.Budget;

/// <summary>Clients that hold connections themselves: a share like any holder's, and nothing that outlives it.</summary>
public class ClientHolderTests
{
    [Fact]
    public void Client_WithCalls_GetsAShareByNeed_AndNoFloor()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        for (var round = 0; round < 8; round++)
        {
            foreach (var name in (string[])["silo", "client"]) budget.Renew(name, inFlight: Math.Min(50, budget.Allowance(name).Permits), waiting: 50);
            budget.Pass(0.25);
        }

        var reply = budget.Renew("client", inFlight: 50, waiting: 50);
        Assert.InRange(reply.Permits, 40, 60);
        Assert.InRange(reply.Connections, 4, 7);
        Assert.Equal((0, 0), (reply.Floor, reply.FloorPermits));
    }

    [Fact]
    public void Client_WhoseLeaseIsOver_HasNothingLeft_AndMustSever()
    {
        var budget = new BudgetUnderTest();
        budget.Renew("client", waiting: 40);
        Assert.InRange(budget.Allowance("client").Connections, 4, 10);
        budget.Pass(30);
        Assert.Equal((0, 0, true), (budget.Allowance("client").Permits, budget.Allowance("client").Connections, budget.Allowance("client").MustSever));
    }

    [Fact]
    public void Client_WithoutCalls_GetsNothing_AlsoWithAMinimumOfItsOwn()
    {
        var budget = new BudgetUnderTest();
        var reply = budget.Renew("client", min: 5);
        Assert.Equal((0, 0), (reply.Permits, reply.Connections));
    }

    [Fact]
    public void Clients_InAnyNumber_LeaveTheConnectionsOfStandbysToSilos()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 200, cap: 40));
        budget.Renew("silo");
        for (var round = 0; round < 8; round++)
        {
            for (var number = 0; number < 10; number++) budget.Renew($"client-{number}", inFlight: 1, waiting: 20);
            budget.Pass(0.25);
        }

        Assert.Equal((1, 1), (budget.Renew("silo").Connections, budget.Holder("silo").Floor));
    }

    [Fact]
    public void Client_WithALowerCapOfItsOwn_LowersNobodyElses()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 40));
        budget.Renew("client", waiting: 10, cap: 2);
        Assert.Equal(40, budget.Authority.Cap);
        budget.Renew("silo", waiting: 10, cap: 20);
        Assert.Equal(20, budget.Authority.Cap);
    }

    [Fact]
    public void Silo_ThatForwards_IsNeverSentToAClient()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 24, cap: 40, callsPerChannel: 1));
        string[] names = ["client-0", "client-1", "silo-0", "silo-1", "silo-2"];
        for (var round = 0; round < 20; round++)
        {
            foreach (var name in names) budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 5, open: budget.Allowance(name).Connections);
            budget.Pass(0.25);
        }

        var replies = names.ToDictionary(name => name, name => budget.Renew(name, inFlight: budget.Allowance(name).Permits, waiting: 5));
        Assert.Contains(replies, reply => reply.Key.StartsWith("client", StringComparison.Ordinal) && reply.Value.Permits > 0);
        var forwarding = replies.Where(reply => reply.Value.ForwardTo.Count > 0).ToList();
        Assert.NotEmpty(forwarding);
        Assert.All(forwarding, reply => Assert.All(reply.Value.ForwardTo, name => Assert.StartsWith("silo", name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Silo_ThatGetsCalls_GetsItsPartOfTheSmallLimitFromTheClientThatHadAllOfIt()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 40));
        Assert.Equal(10, budget.Renew("client", waiting: 20).Permits);
        for (var round = 0; round < 8; round++)
        {
            budget.Renew("silo", inFlight: budget.Allowance("silo").Permits, waiting: 5);
            budget.Renew("client", inFlight: budget.Allowance("client").Permits, waiting: 5, open: 1);
            budget.Pass(0.25);
        }

        Assert.InRange(budget.Allowance("silo").Permits, 4, 6);
        Assert.InRange(budget.Allowance("client").Permits, 4, 6);
    }

    [Fact]
    public void Connection_ThatIsTheOnlyOne_IsASilosWhereOneHasCalls()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 1));
        Assert.Equal(1, budget.Renew("client", waiting: 20).Connections);
        for (var round = 0; round < 8; round++)
        {
            budget.Renew("silo", inFlight: budget.Allowance("silo").Permits, waiting: 1);
            budget.Renew("client", inFlight: budget.Allowance("client").Permits, waiting: 20, open: budget.Allowance("client").Connections);
            budget.Pass(0.25);
        }

        Assert.Equal((10, 0), (budget.Allowance("silo").Permits, budget.Allowance("client").Permits));
        Assert.Equal(["silo"], budget.Holder("client").ForwardTo);
    }

    [Fact]
    public void Client_WhoseCallsSilosMake_IsChosenBesideOne_ThoughTheLimitIsSmall()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 40));
        for (var round = 0; round < 12; round++)
        {
            // Half of its calls by each silo, until it makes some of them itself.
            var left = Math.Max(0, 12 - budget.Allowance("client").Permits);
            foreach (var silo in (string[])["silo-0", "silo-1"]) budget.Renew(silo, inFlight: Math.Min(left / 2, budget.Allowance(silo).Permits));
            budget.Renew("client", inFlight: 12 - left, waiting: left, open: budget.Allowance("client").Connections);
            budget.Pass(0.25);
        }

        Assert.InRange(budget.Allowance("client").Permits, 6, 9);
    }

    [Fact]
    public void Client_ThatDied_KeepsItsConnectionsForTheReserve_AndNotLonger()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));
        var dead = budget.Renew("client-1", waiting: 100).Connections;
        Assert.InRange(dead, 8, 10);
        budget.Pass(59);
        budget.Renew("silo", inFlight: 1, waiting: 100);
        Assert.Equal(10 - dead, budget.Allowance("silo").Connections);
        budget.Pass(1);
        Assert.Equal(10, budget.Renew("silo", inFlight: 1, waiting: 100).Connections);
    }

    [Fact]
    public void Client_ThatLeaves_GivesAllBackAtOnce()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));
        budget.Renew("client", waiting: 100);
        budget.Authority.Renew(budget.Holder("client").ComposeLeave(budget.Now), budget.Now);
        Assert.Equal(10, budget.Renew("silo", waiting: 100).Connections);
    }

    [Fact]
    public void Floor_OfASilo_IsNotDividedAmongClients()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 40, cap: 40, callsPerChannel: 1));
        string[] names = ["client-0", "client-1", "client-2", "client-3", "silo"];
        for (var round = 0; round < 8; round++)
        {
            foreach (var name in names) budget.Renew(name, inFlight: name == "silo" ? 20 : 3, open: 1);
            budget.Pass(0.25);
        }

        budget.Pass(31);
        Assert.InRange(budget.Allowance("silo").Connections, 15, 20);
        Assert.Equal(budget.Allowance("silo").Connections, budget.Allowance("silo").Permits);
    }

    [Fact]
    public void Records_OfAClient_SayThatItIsOne_SoThatTheNextAuthorityDoesNotLetItStandBy()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 20, cap: 10));
        budget.Renew("client", waiting: 20);
        var records = budget.Authority.Records(budget.Now);
        Assert.True(Assert.Single(records).IsClient);

        budget.Authority = budget.NewAuthority(epoch: 2, mustLearn: false, records);
        Assert.Equal(1, budget.Renew("silo-1").Connections);
        Assert.Equal(1, budget.Renew("silo-2").Connections);
    }

    [Fact]
    public void Learning_Authority_DealsPermitsToASiloWithConnections_BesideTheClientThatHasMore()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 10, cap: 40, callsPerChannel: 1), mustLearn: true);
        for (var round = 0; round < 50; round++)
        {
            budget.Renew("client", inFlight: budget.Allowance("client").Permits, waiting: 5, open: 12);
            budget.Renew("silo", inFlight: budget.Allowance("silo").Permits, waiting: 5, open: 1);
            budget.Pass(0.25);
        }

        Assert.Equal(1, budget.Allowance("silo").Permits);
    }
}
