using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Division;

namespace OrleansPool.Core.Tests.Budget;

public class DivisionTests
{
    private readonly BudgetUnderTest _budget = new();

    [Fact]
    public void Needs_ComeBeforeMargins_AndTheRestIsEven()
    {
        Assert.Equal([40, 20, 10, 5], Divide(75, 75, C(40), C(20), C(10), C(5)));
        Assert.Equal([45, 25, 13, 7], Divide(90, 90, C(40), C(20), C(10), C(5)));
        Assert.Equal([51, 29, 18, 12], Divide(110, 110, C(40), C(20), C(10), C(5)));
    }

    [Fact]
    public void Need_ThatDoesNotGoRound_IsFilledFromBelow() => Assert.Equal([40, 40, 15, 5], Divide(100, 100, C(400), C(60), C(15), C(5)));

    [Fact]
    public void Slack_BelowTheTotal_IsKeptBackFromMarginsAndRest_ButNotFromNeeds()
    {
        Assert.Equal([45, 45], Divide(100, 90, C(10), C(10)));
        Assert.Equal([50, 50], Divide(100, 90, C(60), C(60)));
    }

    [Fact]
    public void Remainder_GoesToWhoHasItAlready()
    {
        Assert.Equal([3, 4, 3], Divide(10, 10, C(9), C(9) with { Held = 4 }, C(9)));
        Assert.Equal([3, 3, 4], Divide(10, 10, C(9), C(9), C(9) with { Held = 4 }));
    }

    [Fact]
    public void Division_OfAnyClaims_KeepsItsBounds()
    {
        var claims = Gen.Choose(0, 200).Select(n => n / 4.0).Four().Select(c => new Claim(Math.Floor(c.Item1 / 10), c.Item2, c.Item3 / 5, Math.Floor(c.Item4 * 3), (int)c.Item2));
        var cases = claims.NonEmptyListOf().Zip(Gen.Choose(0, 300)).Zip(Gen.Choose(50, 200));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var (all, total) = (given.Item1.Item1.ToArray(), given.Item1.Item2);
            var slack = total * given.Item2 / 100;
            var shares = Divide(total, slack, all);
            Assert.InRange(shares.Sum(), 0, Math.Max(total, slack));
            Assert.All(shares.Zip(all), pair => Assert.InRange(pair.First, 0, Math.Max(0, pair.Second.Most)));
            if (all.Sum(claim => Math.Min(claim.Least, claim.Most)) <= total) Assert.All(shares.Zip(all), pair => Assert.True(pair.First >= Math.Min(pair.Second.Least, pair.Second.Most)));
            foreach (var (one, other) in shares.Zip(all).SelectMany(one => shares.Zip(all).Select(other => (one, other))))
            {
                // Who needs no less, and can use no less, gets no less, apart from rounding.
                if (one.Second.Need >= other.Second.Need && one.Second.Margin >= other.Second.Margin && one.Second.Most >= other.Second.Most && one.Second.Least >= other.Second.Least)
                    Assert.True(one.First >= other.First - 1, $"{one} against {other} of {total}");
            }
        }));
    }

    [Theory]
    [InlineData(100, 8)]
    [InlineData(1000, 32)]
    [InlineData(1000, 8)]
    public void EqualDemand_GivesEqualShares(int limit, int holders)
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit, cap: 200));
        var random = new Random(7);
        var shares = new double[holders];
        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < holders; i++) shares[i] = budget.Renew($"h{i}", inFlight: limit / holders, waiting: random.Next(10, 30)).Permits;
            budget.Pass(0.25);
        }

        Assert.True(Jain(shares) >= .99, $"Jain {Jain(shares)} of {string.Join(' ', shares)}");
        Assert.InRange(shares.Sum(), limit * .98, limit);
    }

    [Fact]
    public void Demand_ThatScatters_MovesFewPermits()
    {
        var random = new Random(11);
        var (last, moved, rounds) = (new int[8], 0, 200);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < last.Length; i++)
            {
                var permits = _budget.Renew($"h{i}", inFlight: last[i], waiting: random.Next(5, 50)).Permits;
                if (round > 20) moved += Math.Abs(permits - last[i]);
                last[i] = permits;
            }

            _budget.Pass(0.25);
        }

        Assert.True(moved <= rounds, $"{moved} permits moved in {rounds} rounds over a limit of 100");
    }

    [Fact]
    public void HotHolder_AmongQuietOnes_GetsWhatTheyDoNotNeed()
    {
        var hot = 0;
        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < 7; i++) _budget.Renew($"quiet{i}", inFlight: 2);
            hot = _budget.Renew("hot", inFlight: hot, waiting: 200).Permits;
            _budget.Pass(0.25);
        }

        Assert.InRange(hot, 85, 87);
    }

    [Fact]
    public void HotHolder_WhoseCallsMovedToAnother_GivesBackWithItsNextRequest()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 100, cap: 200));
        for (var round = 0; round < 10; round++)
        {
            budget.Renew("was hot", inFlight: 80, waiting: 50);
            budget.Renew("is hot", inFlight: 4);
            budget.Pass(.25);
        }

        budget.Renew("was hot", inFlight: 4);
        Assert.InRange(budget.Renew("is hot", inFlight: 10, waiting: 200).Permits, 60, 100);
    }

    [Fact]
    public void Starving_Holder_GetsFromTheHotReserveAtOnce()
    {
        for (var i = 0; i < 8; i++) _budget.Renew($"h{i}", inFlight: 12);
        _budget.Pass(1);
        for (var i = 0; i < 8; i++) _budget.Renew($"h{i}", inFlight: 10);
        var before = _budget.Allowance("h0").Permits;
        Assert.True(_budget.Renew("h0", inFlight: before, waiting: 8).Permits >= before + 8);
    }

    [Fact]
    public void Permits_ThatNobodyHasHadYet_AreNotDealtTwice_UnlikeIdleOnes()
    {
        var budget = new BudgetUnderTest(mustLearn: true);
        budget.Pass(60);
        foreach (var name in (string[])["a", "b"]) budget.Renew(name, inFlight: 10);
        Assert.Equal(1, budget.Authority.View(budget.Now).Overcommit);
        for (var round = 0; round < 8; round++)
        {
            foreach (var name in (string[])["a", "b"]) budget.Renew(name, inFlight: 10);
            budget.Pass(1);
        }

        Assert.Equal(1.25, budget.Authority.View(budget.Now).Overcommit);
    }

    [Fact]
    public void LivingShares_NeverMakeMoreThanLimitTimesOvercommit_AndAQuarterThatStandsBy()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var order = Enumerable.Range(0, 12).ToArray();
        for (var step = 0; step < 20_000; step++)
        {
            // In any order, but nobody falls silent.
            if (step % 12 == 0) random.Shuffle(order);
            var name = $"h{order[step % 12]}";
            _budget.Renew(name, inFlight: Math.Min(random.Next(40), _budget.Allowance(name).Permits), waiting: Math.Max(0, random.Next(-60, 30)));
            _budget.Pass(random.NextDouble() * 0.08);
            var dealt = Enumerable.Range(0, 12).Sum(i => _budget.Allowance($"h{i}").Permits);
            Assert.True(dealt <= 100 * (_budget.Settings.MaxOvercommit + .25), $"{dealt} permits at step {step} of seed {seed}");
        }
    }

    [Fact]
    public void Overcommit_EndsWithTheReportOfUse_NotWhenTheMeanHasFollowed()
    {
        for (var round = 0; round < 20; round++)
        {
            foreach (var name in (string[])["a", "b"]) _budget.Renew(name, inFlight: 38);
            _budget.Pass(.25);
        }

        Assert.Equal(1.25, _budget.Authority.View(_budget.Now).Overcommit);
        _budget.Renew("a", inFlight: 50);
        _budget.Renew("b", inFlight: 50);
        Assert.Equal(1, _budget.Authority.View(_budget.Now).Overcommit);
    }

    [Fact]
    public void FewPermits_StayAtTheBudgetsOwnSilo_WhileAnotherHasACallNowAndThen()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 6, cap: 6) with { Home = "home" });
        for (var round = 0; round < 40; round++, budget.Pass(.25))
        {
            budget.Renew("home", inFlight: 6, open: 1);
            budget.Renew("other", waiting: round % 20 == 0 ? 1 : 0);
        }

        Assert.Empty(budget.Holder("home").ForwardTo);
        Assert.Equal(["home"], budget.Holder("other").ForwardTo);
    }

    [Fact]
    public void FewPermits_AreNotDealtToTheBudgetsOwnSilo_WhileAnotherHasItsPartOfTheCalls()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 6, cap: 6) with { Home = "home" });
        for (var round = 0; round < 20; round++, budget.Pass(.25)) budget.Renew("home", inFlight: 6, open: 1);
        Assert.Equal(6, budget.Allowance("home").Permits);

        // What it needs is all that is needed: the other one forwards, and has no calls of its own in flight.
        for (var round = 0; round < 20; round++, budget.Pass(.25))
        {
            budget.Renew("home", inFlight: budget.Allowance("home").Permits, open: budget.Allowance("home").Connections);
            budget.Renew("other", inFlight: budget.Allowance("other").Permits, waiting: 3, open: budget.Allowance("other").Connections);
        }

        Assert.Equal(["other"], budget.Holder("home").ForwardTo);
        Assert.Empty(budget.Holder("other").ForwardTo);
        Assert.InRange(budget.Allowance("other").Permits, 4, 6);
    }

    [Fact]
    public void FewPermits_GoToFewHolders_AndTheOthersForwardToThem()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 20, cap: 40));
        RenewReply[] replies = [];
        for (var round = 0; round < 8; round++)
        {
            replies = [.. Enumerable.Range(0, 8).Select(i => budget.Renew($"h{i}", inFlight: budget.Allowance($"h{i}").Permits, waiting: 5))];
            budget.Pass(0.25);
        }

        var chosen = Enumerable.Range(0, 8).Where(i => replies[i].Permits > 0).ToList();
        Assert.Equal(2, chosen.Count);
        Assert.Equal(20, replies.Sum(reply => reply.Permits));
        Assert.All(replies.Where(reply => reply.Permits == 0), reply => Assert.Equal(chosen.Select(i => $"h{i}").Order(), reply.ForwardTo.Order()));
        Assert.All(chosen, i => Assert.Empty(replies[i].ForwardTo));
    }

    [Fact]
    public void Choice_OfFew_StaysWhileDemandsScatter_AndMovesWhenOneIsLost()
    {
        var budget = new BudgetUnderTest(BudgetUnderTest.SettingsOf(limit: 8, cap: 40));
        var random = new Random(3);
        HashSet<string> chosen = [];
        for (var round = 0; round < 200; round++)
        {
            for (var i = 0; i < 8; i++)
            {
                if (round > 0 && budget.Renew($"h{i}", inFlight: random.Next(8), waiting: random.Next(5)).Permits > 0) chosen.Add($"h{i}");
            }

            budget.Pass(0.25);
        }

        var one = Assert.Single(chosen);
        budget.Authority.HolderDied(one, 1, budget.Now);

        // What is in flight at the others fills the permits; once it has ended, one of them gets all.
        var others = Enumerable.Range(0, 8).Select(i => $"h{i}").Where(name => name != one).ToList();
        others.ForEach(name => budget.Renew(name, waiting: 5));
        Assert.Single(others, name => budget.Renew(name, waiting: 5).Permits > 0);
    }

    private static Claim C(double need) => new(0, need, Math.Sqrt(need), double.MaxValue, 0);

    private static int[] Divide(int total, int withSlack, params Claim[] claims)
    {
        var shares = new int[claims.Length];
        new Splitter().Divide(claims, total, withSlack, shares);
        return shares;
    }

    private static double Jain(double[] shares) => shares.Sum() * shares.Sum() / (shares.Length * shares.Sum(share => share * share));
}
