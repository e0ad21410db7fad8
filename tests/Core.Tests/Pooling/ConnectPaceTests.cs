using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Connects after an upstream's restart, of many holders on one clock and of one pool.</summary>
public class ConnectPaceTests
{
    [Theory]
    [InlineData(50, 2, 20)]
    [InlineData(50, 1, 50)]
    [InlineData(10, 10, 20)]
    public void ManyHolders_LoseAllConnectionsAtOnce_AndComeBackAtTheClustersPace(int holders, int connections, int perSecond)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (cap, now) = (holders * connections, TimeSpan.FromHours(1));
        var part = (double)connections / cap;
        var paces = Enumerable.Range(0, holders).Select(_ => new ConnectPace(perSecond, random)).ToList();
        var missing = Enumerable.Repeat(connections, holders).ToArray();
        paces.ForEach(pace => pace.Lost(part, now));
        List<int> perTick = [];
        for (; missing.Sum() > 0; now += TimeSpan.FromMilliseconds(10))
        {
            var before = missing.Sum();
            for (var n = 0; n < holders; n++) missing[n] -= paces[n].Take(missing[n], part, now);
            perTick.Add(before - missing.Sum());
            Assert.True(perTick.Count < 6_000, $"seed {seed}: {missing.Sum()} connections are still missing after a minute");
        }

        // In the long run the pace; in any second no more than that and the scatter of where holders begin, one connect each at most.
        var seconds = perTick.Count / 100.0;
        Assert.InRange(seconds, 0.8 * cap / perSecond, 1.2 * ((double)cap / perSecond) + 1);
        var most = Enumerable.Range(0, Math.Max(1, perTick.Count - 100)).Max(at => perTick.Skip(at).Take(100).Sum());
        Assert.True(most <= (2 * perSecond) + 1, $"seed {seed}: {most} connects in a second");
        Assert.True(perTick[0] <= Math.Max(2, holders / 5), $"seed {seed}: {perTick[0]} connects at once");
    }

    [Fact]
    public void Holder_ThatLostNothing_OrHasTheWholeCap_IsNotHeldBack()
    {
        var pace = new ConnectPace(1, new Random(1));
        Assert.Equal(100, pace.Take(100, 0.01, TimeSpan.FromHours(1)));
        pace.Lost(1, TimeSpan.FromHours(1));
        Assert.Equal(100, pace.Take(100, 1, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Pace_EndsSomeTimeAfterTheLastLoss()
    {
        var pace = new ConnectPace(10, new Random(1));
        var now = TimeSpan.FromHours(1);
        pace.Lost(0.5, now);
        Assert.Equal(0, pace.Take(5, 0.5, now));
        Assert.InRange(pace.Wait(0.5, now), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(0.2));
        Assert.Equal(5, pace.Take(5, 0.5, now + TimeSpan.FromSeconds(10.3)));
    }

    [Fact]
    public void Pool_WhoseUpstreamRestarts_OpensAgainOneAfterTheOther_WithoutBeingAsked()
    {
        // A fifth of the cap of 20, at 5 connects a second for all: one a second here.
        var test = new PoolUnderTest(share: new PoolShare(20, 4), pool: o => (o.Max, o.Min, o.ConnectRate) = (20, 4, 5));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();

        // Older than what counts against the address itself.
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        foreach (var channel in test.Transport.Open) channel.Break();
        test.Expect();
        for (var second = 1; second <= 4; second++)
        {
            test.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(test.Transport.Pending.Count, second - 1, second);
        }

        test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, test.Transport.Pending.Count);
    }

    [Fact]
    public void Lifetimes_OfChannelsOpenedTogether_DoNotEndTogether()
    {
        var test = new PoolUnderTest(pool: o => (o.Min, o.Max, o.MaxLifetime, o.LifetimeJitter) = (40, 41, TimeSpan.FromMinutes(10), 0.25));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        test.Transport.AutoConnectLimit = int.MaxValue;
        List<long> closedEachMinute = [];
        for (var minute = 0; minute < 10; minute++)
        {
            var before = test.Pool.Snapshot().Totals.Closed[CloseReason.MaxLifetime];
            for (var second = 0; second < 60; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
            closedEachMinute.Add(test.Pool.Snapshot().Totals.Closed[CloseReason.MaxLifetime] - before);
        }

        // All of them between 7.5 and 10 minutes.
        Assert.Equal((0, 40), (closedEachMinute.Take(7).Sum(), closedEachMinute.Sum()));
        Assert.All(closedEachMinute, closed => Assert.InRange(closed, 0, 25));
    }
}
