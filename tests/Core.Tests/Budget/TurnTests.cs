using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Tests.Pooling;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>The turn that goes with a share: where a holder begins in what all do one after the other.</summary>
public class TurnTests
{
    [Fact]
    public void Turns_AreThePartsOfTheCapThatOthersHaveBefore_AndTheHolderHasItsOwnWithItsShare()
    {
        var budget = new BudgetUnderTest();
        string[] names = ["a", "b", "c", "d"];
        for (var round = 0; round < 5; round++)
        {
            foreach (var name in names) budget.Renew(name, inFlight: 20, open: budget.Allowance(name).Connections);
            budget.Pass(seconds: 1);
        }

        var before = 0;
        foreach (var name in names)
        {
            var share = budget.Renew(name, inFlight: 20, open: budget.Allowance(name).Connections);
            Assert.Equal((before / 40.0, before / 40.0), (share.Turn, budget.Allowance(name).Turn));
            before += share.Connections;
        }

        Assert.InRange(before, 8, 40);
    }

    [Fact]
    public void Turns_StayBelowOne_WhenTheCapFalls()
    {
        var budget = new BudgetUnderTest();
        foreach (var name in new[] { "a", "b" }) budget.Renew(name, inFlight: 50, open: 20);
        Assert.InRange(budget.Renew("b", inFlight: 50, open: 20, cap: 10).Turn, 0, 0.999);
        Assert.InRange(budget.Renew("c", inFlight: 50, cap: 10).Turn, 0, 0.999);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0)]
    public void Turn_OfTheShare_IsThePoolsOwn(double turn, int connecting)
    {
        var test = new PoolUnderTest(isGranted: false, pool: o => (o.Max, o.Min, o.ConnectRate) = (20, 2, 1));
        new ShareTarget(test.Pool, test.Clock).Apply(new HolderAllowance(20, 2, MustSever: false, TimeSpan.Zero, turn), limit: 20, [], Orders.None);
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        test.Transport.Open[0].Break();
        test.Expect(idle: 1, connecting: connecting);
    }
}
