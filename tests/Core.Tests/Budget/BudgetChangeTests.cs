using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>An authority whose settings change while shares are out.</summary>
public class BudgetChangeTests
{
    private readonly BudgetUnderTest _budget = new(BudgetUnderTest.SettingsOf(limit: 100, cap: 10));

    [Fact]
    public void Cap_Lowered_TakesFromEachWithItsNextRenewal_AndGrantsNothingBeyondUntilEnoughIsClosed()
    {
        Assert.Equal(10, _budget.Renew("a", inFlight: 100, waiting: 100).Connections);
        Change(_budget.Settings with { Cap = 4 });
        Assert.Equal(0, _budget.Renew("b", waiting: 200).Connections);
        Assert.Equal(2, _budget.Renew("a", inFlight: 100, waiting: 100, open: 10).Connections);
        Assert.Equal(0, _budget.Renew("b", waiting: 200).Connections);
        _budget.Renew("a", inFlight: 50, waiting: 100, open: 3);
        Assert.Equal(1, _budget.Renew("b", waiting: 200).Connections);
        _budget.Renew("a", inFlight: 20, waiting: 100, open: 2);
        Assert.Equal(2, _budget.Renew("b", waiting: 200).Connections);
        Assert.Equal((4, 4), (_budget.Authority.View(_budget.Now).Cap, _budget.Authority.View(_budget.Now).ConnectionsTaken));
    }

    [Fact]
    public void Cap_Raised_IsDealtWithTheNextRenewal()
    {
        Assert.Equal(10, _budget.Renew("a", inFlight: 100, waiting: 900).Connections);
        Change(_budget.Settings with { Cap = 30, Bounds = new LimitBounds(1, 300, 300) });
        Assert.Equal((300, 30), Share(_budget.Renew("a", inFlight: 100, waiting: 900)));
    }

    [Fact]
    public void Cap_ThatHostsDoNotAgreeOn_IsTheLowestOfThem()
    {
        _budget.Renew("a", inFlight: 10);
        var reply = Told("b", cap: 6);
        Assert.Equal(6, _budget.Authority.Cap);
        Assert.True(reply.Connections <= 6);

        // The same host with the other's number: the last one has it now.
        Told("b", cap: 10);
        Assert.Equal(10, _budget.Authority.Cap);
        Told("b", cap: 12);
        Assert.Equal(10, _budget.Authority.Cap);
    }

    [Fact]
    public void Cap_OfAHostThatIsGone_NoLongerCounts()
    {
        Told("b", cap: 6);
        _budget.Pass(31);
        _budget.Renew("a", inFlight: 10);
        Assert.Equal(10, _budget.Authority.Cap);
    }

    [Fact]
    public void Bounds_Changed_MoveTheLimitAtOnce_AndSayWhy()
    {
        _budget.Renew("a", inFlight: 100, waiting: 100);
        Change(_budget.Settings with { Bounds = new LimitBounds(1, 40, 20) });
        var view = _budget.Authority.View(_budget.Now);
        var change = Assert.Single(view.Changes);
        Assert.Equal((100, 40, LimitReason.Configured), (change.From, change.To, change.Reason));
        Assert.Null(change.Epoch);
        Assert.Equal(40, _budget.Renew("a", inFlight: 100, waiting: 100).Permits);
    }

    [Fact]
    public void Mode_Off_DealsWhatTheCapCarries()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 20, cap: 10));
        Assert.Equal(20, budget.Renew("a", inFlight: 20, waiting: 900).Permits);
        budget.Authority.Change(budget.Settings with { Mode = LimitMode.Off }, new FixedLaw(), budget.Now);
        Assert.Equal(100, budget.Renew("a", inFlight: 20, waiting: 900).Permits);
    }

    [Fact]
    public void Minimums_BeyondTheCap_AreToldAndNotDealt()
    {
        for (var n = 0; n < 4; n++) _budget.Renew($"holder-{n}", min: 3);
        for (var n = 0; n < 4; n++) _budget.Renew($"holder-{n}", min: 3);
        var view = _budget.Authority.View(_budget.Now);
        Assert.Equal(12, view.MinimumsWanted);
        Assert.Equal(10, view.ConnectionsTaken);
    }

    private static (int Permits, int Connections) Share(RenewReply reply) => (reply.Permits, reply.Connections);

    private void Change(BudgetSettings settings) => _budget.Authority.Change(settings, new FixedLaw(), _budget.Now);

    private RenewReply Told(string holder, int cap)
    {
        var request = _budget.Request(holder, inFlight: 90, waiting: 10);
        var reply = _budget.Authority.Renew(request with { Demand = request.Demand with { Cap = cap } }, _budget.Now)!;
        Assert.True(_budget.Holder(holder).Accept(reply, _budget.Now));
        return reply;
    }
}
