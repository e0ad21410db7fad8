using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Connects after an upstream's restart, of many holders on one clock and of one pool.</summary>
public class ConnectPaceTests
{
    [Theory]
    [InlineData(50, 2, 20)]
    [InlineData(50, 1, 50)]
    [InlineData(10, 10, 20)]
    [InlineData(50, 20, 20)]
    public void ManyHolders_LoseAllConnectionsAtOnce_AndComeBackAtTheClustersPace(int holders, int connections, int perSecond)
    {
        var perTick = ComeBack(Enumerable.Repeat(connections, holders).ToArray(), perSecond);
        Assert.InRange(perTick.Count / 100.0, (0.9 * holders * connections / perSecond) - 1, (1.1 * holders * connections / perSecond) + 1);
        Assert.InRange(MostInASecond(perTick), 1, perSecond + 1);
        Assert.InRange(perTick.Max(), 1, 2);
    }

    [Fact]
    public void HoldersOfDifferentSizes_KeepToThePace_WithinTheScatterOfChance()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < 50; run++)
        {
            var connections = Enumerable.Range(0, random.Next(2, 50)).Select(_ => random.Next(1, 20)).ToArray();
            var perSecond = random.Next(10, 100);
            var most = MostInASecond(ComeBack([.. connections], perSecond));
            Assert.True(most <= perSecond + (4 * Math.Sqrt(perSecond)) + 2, $"seed {seed}: {most} connects in a second, the pace is {perSecond}, of holders with {string.Join(", ", connections)}");
        }
    }

    [Fact]
    public void Holder_ThatLostNothing_OrHasTheWholeCap_IsNotHeldBack()
    {
        var pace = new ConnectPace(1);
        Assert.Equal(100, pace.Take(100, 0.01, TimeSpan.FromHours(1)));
        pace.Lost(1, 0, TimeSpan.FromHours(1));
        Assert.Equal(100, pace.Take(100, 1, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Pace_EndsSomeTimeAfterTheLastLoss_ButNotWhileConnectionsAreMissing()
    {
        var pace = new ConnectPace(10);
        var now = TimeSpan.FromHours(1);
        pace.Lost(0.5, 0.5, now);
        Assert.Equal(0, pace.Take(5, 0.5, now));
        Assert.Equal(TimeSpan.FromMilliseconds(100), pace.Wait(0.5, now));
        now += TimeSpan.FromSeconds(9);
        Assert.Equal(1, pace.Take(5, 0.5, now));
        now += TimeSpan.FromSeconds(2);
        Assert.Equal(1, pace.Take(5, 0.5, now));
        now += TimeSpan.FromSeconds(10.3);
        Assert.Equal(5, pace.Take(5, 0.5, now));
    }

    [Fact]
    public void Moments_NotUsed_AreNotMadeUpForLater()
    {
        var pace = new ConnectPace(10);
        var now = TimeSpan.FromHours(1);
        pace.Lost(0.5, 0, now);
        Assert.Equal(1, pace.Take(100, 0.5, now + TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public void Pool_WhoseUpstreamRestarts_OpensAgainOneAfterTheOther_WithoutBeingAsked()
    {
        // A fifth of the cap of 20, at 5 connects a second for all: one a second here.
        var test = new PoolUnderTest(share: new PoolShare(20, 4) { Turn = 0.5 }, pool: o => (o.Max, o.Min, o.ConnectRate) = (20, 4, 5));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();

        // Older than what counts against the address itself.
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        foreach (var channel in test.Transport.Open) channel.Break();
        test.Expect();
        for (var second = 1; second <= 4; second++)
        {
            test.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(second, test.Transport.Pending.Count);
        }

        test.Expect(connecting: 4);
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

    // Each with its part and its turn; connects of each 10 ms until all are back.
    private static List<int> ComeBack(int[] missing, int perSecond)
    {
        var (cap, before) = ((double)missing.Sum(), 0.0);
        var now = TimeSpan.FromHours(1);
        var holders = missing.Select(connections => (Pace: new ConnectPace(perSecond), Part: connections / cap, Turn: ((before += connections) - connections) / cap)).ToList();
        holders.ForEach(holder => holder.Pace.Lost(holder.Part, holder.Turn, now));
        List<int> perTick = [];
        for (; missing.Sum() > 0; now += TimeSpan.FromMilliseconds(10))
        {
            perTick.Add(0);
            for (var n = 0; n < missing.Length; n++)
            {
                var taken = holders[n].Pace.Take(missing[n], holders[n].Part, now);
                missing[n] -= taken;
                perTick[^1] += taken;
            }

            Assert.True(perTick.Count < 60_000, $"{missing.Sum()} connections are still missing after ten minutes");
        }

        return perTick;
    }

    private static int MostInASecond(List<int> perTick) => Enumerable.Range(0, perTick.Count).Max(at => perTick.Skip(at).Take(100).Sum());
}
