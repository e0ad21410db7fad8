using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Channels that go: by age, idleness, the peer's word, a new address list, the host's end.</summary>
public class ChannelPoolRetireTests
{
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    [Fact] // 12
    public async Task BrokenChannel_IsNeverLeasedAgain()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var lease = await test.Lease();
        test.Transport.Open[0].Break();
        test.Pool.Return(lease, Outcome.Dropped);
        test.Expect();
        var next = test.Acquire();
        test.Transport.Pending[0].Succeed();
        Assert.NotSame(lease.Channel, (await next.Granted()).Channel);
    }

    [Fact] // 12: its end is told a moment after the call's
    public async Task SpentChannel_GivenBack_GoesToNobodyWhoWaits()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var lease = await test.Lease();
        var waiting = test.Acquire();
        test.Transport.Open[0].Spend();
        test.Pool.Return(lease, Outcome.Dropped);
        test.Expect(connecting: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        Assert.NotSame(lease.Channel, (await waiting.Granted()).Channel);
    }

    [Fact] // 12: looked at again at checkout
    public async Task IdleChannel_FoundDeadAtCheckout_IsReplacedUnseenByTheCaller()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 2);
        await test.OpenIdle(2);
        test.Transport.Open.ForEach(channel => channel.LooksUsable = false);
        var call = test.Acquire();
        test.Transport.Pending[0].Succeed();
        await call.Granted();
        Assert.Equal(2, test.Pool.Snapshot().Totals.Closed[CloseReason.Unusable]);
    }

    [Fact]
    public async Task IdleChannel_DiedUnnoticed_IsClosedByTheHousekeeping()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(1);
        test.Transport.Open[0].LooksUsable = false;
        test.Clock.Advance(_tick);
        test.Expect();
    }

    [Fact] // 13, 21
    public async Task RetiredChannel_WithACallInFlight_DrainsAndCountsUntilItIsClosed()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var inFlight = await test.Lease();
        var channel = test.Transport.Open[0];
        channel.ClosesSlowly = true;
        channel.GoAway();
        var waiting = test.Acquire();
        test.Expect(draining: 1, waiting: 1);
        test.Pool.Return(inFlight, Outcome.Good);
        test.Expect(draining: 1, waiting: 1);
        channel.FinishClosing();
        test.Expect(connecting: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact] // 20
    public async Task GoAway_LeavesThePickSetAtOnce_ThoughCallsAreInFlight()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, pool: o => o.Max = 2);
        await test.OpenIdle(1);
        var old = await test.Lease();
        test.Transport.Open[0].GoAway();
        var next = test.Acquire();
        test.Expect(connecting: 1, draining: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        Assert.NotSame(old.Channel, (await next.Granted()).Channel);
    }

    [Fact] // 20
    public async Task PeerLimitLowered_IsHonouredBeforeTheNextPick()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var leases = new[] { await test.Lease(), await test.Lease() };
        test.Transport.Open[0].Announce(1);
        var waiting = test.Acquire();
        test.Pool.Return(leases[0], Outcome.Good);
        Assert.False(waiting.IsCompleted);
        test.Pool.Return(leases[1], Outcome.Good);
        await waiting.Granted();
    }

    [Fact]
    public async Task IdleTimeout_ClosesWhatIsAboveTheMinimum()
    {
        var test = new PoolUnderTest(pool: o => (o.Min, o.Max, o.IdleTimeout) = (1, 4, TimeSpan.FromSeconds(10)));
        test.Transport.Pending[0].Succeed();
        await test.OpenIdle(4);
        test.Clock.Advance(TimeSpan.FromSeconds(9));
        test.Expect(idle: 4);
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        test.Expect(idle: 1);
    }

    [Fact]
    public async Task ExclusiveChannels_AreUsedLastInFirstOut_SoThatSpareOnesGetIdle()
    {
        var test = new PoolUnderTest(pool: o => o.IdleTimeout = TimeSpan.FromSeconds(10));
        await test.OpenIdle(3);
        for (var second = 0; second < 11; second++)
        {
            test.Pool.Return(await test.Lease(), Outcome.Good);
            test.Clock.Advance(_tick);
        }

        test.Expect(idle: 1);
    }

    [Fact] // 13
    public async Task Lifetime_OfABusyChannel_EndsWithItsCall()
    {
        var test = new PoolUnderTest(pool: o => (o.MaxLifetime, o.LifetimeJitter) = (TimeSpan.FromSeconds(10), 0));
        await test.OpenIdle(1);
        var lease = await test.Lease();
        test.Clock.Advance(TimeSpan.FromSeconds(11));
        test.Expect(draining: 1);
        test.Pool.Return(lease, Outcome.Good);
        test.Expect();
        Assert.Equal(1, test.Pool.Snapshot().Totals.Closed[CloseReason.MaxLifetime]);
    }

    [Fact]
    public async Task Lifetime_OfABusyChannelWithNoRoomForAnother_IsLeftInService()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, pool: o => (o.Max, o.MaxLifetime, o.LifetimeJitter) = (1, TimeSpan.FromSeconds(10), 0));
        await test.OpenIdle(1);
        await test.Lease();
        test.Clock.Advance(TimeSpan.FromSeconds(11));
        test.Expect(busy: 1);
        await test.Lease();
    }

    [Fact]
    public void Lifetime_AtTheMinimum_OpensTheReplacementFirst()
    {
        var test = new PoolUnderTest(pool: o => (o.Min, o.MaxLifetime, o.LifetimeJitter) = (1, TimeSpan.FromSeconds(10), 0));
        test.Transport.Pending[0].Succeed();
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        test.Expect(idle: 1, connecting: 1);
        test.Transport.Pending[0].Succeed();
        test.Clock.Advance(_tick);
        test.Expect(idle: 1);
        Assert.Equal(2, test.Transport.Attempts);
    }

    [Fact] // 13: jitter only shortens
    public async Task LifetimeJitter_SpreadsTheEnds_AndNeverBeyondTheMaximum()
    {
        var test = new PoolUnderTest(pool: o => (o.Max, o.MaxLifetime, o.LifetimeJitter) = (20, TimeSpan.FromSeconds(100), 0.5));
        await test.OpenIdle(20);
        test.Clock.Advance(TimeSpan.FromSeconds(49));
        test.Expect(idle: 20);
        test.Clock.Advance(TimeSpan.FromSeconds(26));
        Assert.InRange(test.Pool.Snapshot().Idle, 3, 17);
        test.Clock.Advance(TimeSpan.FromSeconds(26));
        test.Expect();
    }

    [Fact]
    public async Task MaxUses_Reached_ChannelIsReplaced()
    {
        var test = new PoolUnderTest(pool: o => (o.Max, o.MaxUses) = (1, 2));
        await test.OpenIdle(1);
        test.Pool.Return(await test.Lease(), Outcome.Good);
        test.Expect();
        Assert.Equal(1, test.Pool.Snapshot().Totals.Closed[CloseReason.MaxUses]);
    }

    [Fact]
    public async Task AddressGone_ItsChannelsDrain_OthersStay()
    {
        var test = new PoolUnderTest(addresses: 2, pool: o => o.Max = 2);
        await test.OpenIdle(2);
        var busy = await test.Lease();
        test.Pool.SetAddresses([((ScriptedChannel)busy.Channel).Address == Addresses.Number(1) ? Addresses.Number(2) : Addresses.Number(1)]);
        test.Expect(idle: 1, draining: 1);
        test.Pool.Return(busy, Outcome.Good);
        test.Expect(idle: 1);
    }

    [Fact] // 16
    public async Task Drain_RefusesNew_TellsWaiting_LetsRunningFinish()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var running = await test.Lease();
        var waiting = test.Acquire();
        var draining = test.Pool.DrainAsync(TimeSpan.FromSeconds(30));
        Assert.True((await waiting.Refused(FailureCode.Draining)).IsRetryable);
        await test.Acquire().Refused(FailureCode.Draining);
        test.Expect(draining: 1);
        test.Pool.Return(running, Outcome.Good);
        await draining.InTime("the drain to end with its last call");
        test.Expect();
    }

    [Fact] // 16
    public async Task Drain_BoundOver_ClosesWhatIsLeft()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(1);
        var running = await test.Lease();
        var draining = test.Pool.DrainAsync(TimeSpan.FromSeconds(30));
        test.Clock.Advance(TimeSpan.FromSeconds(30));
        await draining.InTime("the drain to end at its bound");
        test.Expect();
        test.Pool.Return(running, Outcome.Dropped);
        Assert.Equal(0, test.Limiter.InFlight);
    }

    [Fact] // 16
    public async Task Drain_WhileConnecting_OrphansNoConnection()
    {
        var test = new PoolUnderTest();
        _ = test.Acquire();
        await test.Pool.DrainAsync(TimeSpan.FromSeconds(30)).InTime("the drain to end");
        test.Expect();
        Assert.Equal(0, test.Transport.Connections);
    }

    [Fact] // 26
    public async Task Totals_OutliveThePool()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(1);
        await test.Pool.DisposeAsync();
        Assert.Equal((1L, 1L), (test.Totals.Connected, test.Totals.Closed[CloseReason.Shutdown]));
    }
}
