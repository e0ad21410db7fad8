using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Connections obey the share: by its number, by its clock, and by how it says that what is above must go.</summary>
public class ChannelPoolShareTests
{
    [Fact]
    public async Task WithoutAShare_NothingIsOpened_AndTheMinimumWaitsForOne()
    {
        var test = new PoolUnderTest(pool: o => o.Min = 2, share: PoolShare.None, addresses: 0);
        var unheard = new PoolUnderTest(pool: o => o.Min = 2, isGranted: false);
        var waiting = unheard.Acquire();
        unheard.Expect(waiting: 1);
        Assert.Equal((false, true), (unheard.Pool.Warm.IsCompleted, test.Pool.Warm.IsCompleted));
        unheard.Pool.Apply(new PoolShare(3, 3));
        unheard.Expect(connecting: 2, waiting: 1);
        foreach (var attempt in unheard.Transport.Pending) attempt.Succeed();
        await waiting.Granted();
        Assert.True(unheard.Pool.Warm.IsCompleted);
    }

    [Fact]
    public void Minimum_AboveTheShare_IsCutToIt()
    {
        var test = new PoolUnderTest(pool: o => o.Min = 3, share: new PoolShare(4, 1));
        test.Expect(connecting: 1);
        test.Transport.Pending[0].Succeed();
        test.Expect(idle: 1);
        Assert.True(test.Pool.Warm.IsCompleted);
    }

    [Fact]
    public async Task Share_WhoseTimeIsOver_OpensNoConnection_WhoeverWakesFirst()
    {
        var test = new PoolUnderTest();
        test.Pool.Apply(new PoolShare(4, 4) { ValidUntil = test.Now + TimeSpan.FromSeconds(10) });
        await test.OpenIdle(1);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        await test.Lease();
        var waiting = test.Acquire();
        test.Expect(busy: 1, waiting: 1);
        test.Pool.Apply(new PoolShare(4, 4) { ValidUntil = test.Now + TimeSpan.FromSeconds(1) });
        test.Expect(busy: 1, connecting: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task Connection_ThatOpensAfterItsShareIsOver_IsClosedAndServesNobody()
    {
        var test = new PoolUnderTest();
        test.Pool.Apply(new PoolShare(4, 4) { ValidUntil = test.Now + TimeSpan.FromSeconds(10) });
        var waiting = test.Acquire();
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        test.Transport.Pending[0].Succeed();
        Assert.False(waiting.IsCompleted);
        test.Expect(waiting: 1);
    }

    [Fact]
    public async Task SmallerShare_RetiresIdleFirst_DrainsTheLeastBusy_AndCutsNothing()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 2, permits: 8);
        await test.OpenIdle(8);
        List<ChannelLease> leases = [];
        for (var n = 0; n < 8; n++) leases.Add(await test.Lease());
        var byChannel = leases.GroupBy(lease => lease.Channel).Select(group => group.ToList()).ToList();
        foreach (var lease in byChannel[0]) test.Pool.Return(lease, Outcome.Good);
        var single = byChannel[1][0];
        test.Pool.Return(byChannel[1][1], Outcome.Good);
        test.Expect(idle: 1, busy: 3);

        test.Pool.Apply(new PoolShare(8, 3));
        test.Expect(busy: 3);
        test.Pool.Apply(new PoolShare(8, 2));
        test.Expect(busy: 2, draining: 1);
        test.Pool.Return(single, Outcome.Good);
        test.Expect(busy: 2);
        Assert.Equal(2, test.Totals.Closed[CloseReason.Shrink]);
    }

    [Fact]
    public async Task SmallerShare_DrainingStillCounts_AgainstTheNextConnection()
    {
        var test = new PoolUnderTest(permits: 4);
        await test.OpenIdle(2);
        ChannelLease[] leases = [await test.Lease(), await test.Lease()];
        var first = leases.Single(lease => lease.Channel == test.Transport.Open[0]);
        test.Pool.Apply(new PoolShare(4, 1));
        test.Expect(busy: 1, draining: 1);
        test.Pool.Apply(new PoolShare(4, 2));
        var waiting = test.Acquire();
        test.Expect(busy: 1, draining: 1, waiting: 1);
        test.Pool.Return(first, Outcome.Good);
        test.Expect(busy: 1, connecting: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task SmallerShare_WhileConnecting_TheConnectionClosesWhenItOpens()
    {
        var test = new PoolUnderTest();
        var waiting = test.Acquire();
        test.Pool.Apply(new PoolShare(4, 0));
        test.Expect(connecting: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        test.Expect(waiting: 1);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Severed_ClosesIdleThenConnectingThenDrainingThenTheRest_AtOnce()
    {
        var test = new PoolUnderTest(permits: 8, pool: o => o.Max = 6);
        await test.OpenIdle(5);
        var (draining, _, _) = (await test.Lease(), await test.Lease(), await test.Lease());
        test.Transport.Open.Single(channel => channel == draining.Channel).GoAway();
        for (var n = 0; n < 2; n++) await test.Lease();
        _ = test.Acquire();
        test.Expect(busy: 4, draining: 1, connecting: 1, waiting: 1);

        Sever(test, 6);
        test.Expect(busy: 4, draining: 1, connecting: 1, waiting: 1);
        Sever(test, 5);
        test.Expect(busy: 4, draining: 1, waiting: 1);
        Sever(test, 4);
        test.Expect(busy: 4, waiting: 1);
        Assert.DoesNotContain(test.Transport.Open, channel => channel == draining.Channel);
        Sever(test, 1);
        test.Expect(busy: 1, waiting: 1);
        Assert.Equal(4, test.Totals.Closed[CloseReason.Severed]);
    }

    [Fact]
    public async Task Severed_IdleOnes_GoBeforeAnyCallIsCut()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(3);
        var held = await test.Lease();
        Sever(test, 1);
        test.Expect(busy: 1);
        test.Pool.Return(held, Outcome.Good);
        test.Expect(idle: 1);
    }

    [Fact]
    public async Task Severed_WhoseSocketsCloseSlowly_CountUntilTheyAreClosed_AndAreNotAskedTwice()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(3);
        foreach (var channel in test.Transport.Open) channel.ClosesSlowly = true;
        Sever(test, 2);
        test.Expect(idle: 2, draining: 1);
        Sever(test, 2);
        test.Expect(idle: 2, draining: 1);
        Assert.Equal(3, test.Pool.OpenConnections);
    }

    [Fact]
    public async Task Severed_ThenGrantedAgain_OpensForWhoStillWaits()
    {
        var test = new PoolUnderTest();
        var waiting = test.Acquire();
        Sever(test, 0);
        test.Expect(waiting: 1);
        test.Pool.Apply(new PoolShare(4, 4));
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task LimitThatFell_ClosesWhatItDoesNotNeed_AfterHalfAMinuteOnly()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 2, permits: 8);
        await test.OpenIdle(8);
        List<ChannelLease> leases = [];
        for (var n = 0; n < 4; n++) leases.Add(await test.Lease());
        var open = test.Pool.OpenConnections;
        test.SetLimit(4);
        test.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((4, 4), (open, test.Pool.OpenConnections));
        test.SetLimit(8);
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        test.SetLimit(4);
        test.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(4, test.Pool.OpenConnections);
        test.Clock.Advance(TimeSpan.FromSeconds(3));
        foreach (var lease in leases) test.Pool.Return(lease, Outcome.Good);
        test.Expect(idle: 2);
    }

    [Fact]
    public async Task LimitThatFell_KeepsAChannelPerAddressAndTheMinimum()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 2, permits: 8, addresses: 3);
        await test.OpenIdle(8);
        test.SetLimit(1);
        test.Clock.Advance(TimeSpan.FromSeconds(40));
        test.Expect(idle: 3);
    }

    [Fact]
    public async Task CallsThatWait_StarveOnce_UntilNobodyWaits()
    {
        var starved = 0;
        var test = new PoolUnderTest(permits: 1);
        await test.OpenIdle(1);
        test.Pool.Starves = () => starved++;
        var held = await test.Lease();
        Assert.Equal(0, starved);
        var waiting = new[] { test.Acquire(), test.Acquire() };
        Assert.Equal(1, starved);
        test.Pool.Return(held, Outcome.Good);
        test.Pool.Return(await waiting[0].Granted(), Outcome.Good);
        test.Pool.Return(await waiting[1].Granted(), Outcome.Good);
        await test.Lease();
        _ = test.Acquire();
        Assert.Equal(2, starved);
    }

    [Fact]
    public async Task Calls_WithNoShareHere_AreSentToWhoHasOne()
    {
        var test = new PoolUnderTest();
        var waiting = test.Acquire();
        test.Pool.Apply(new PoolShare(0, 4) { Holders = ["other"] });
        Assert.Equal(["other"], (await waiting.Refused(FailureCode.ShareElsewhere)).Holders);
        await test.Acquire().Refused(FailureCode.ShareElsewhere);
    }

    // Inline, so that attempts to connect that were withdrawn have come back when this returns.
    private static void Sever(PoolUnderTest test, int connections) => Inline.Run(() => test.Pool.Apply(new PoolShare(8, connections) { MustSever = true }));
}
