using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>A pool that lets no call wait for another call's end.</summary>
public class ChannelPoolRejectTests
{
    [Fact]
    public async Task PermitsUsedUp_NextCall_IsRefusedAtOnce_AndServedAgainAfterAReturn()
    {
        var test = new PoolUnderTest(letsWait: false, permits: 1, pool: o => o.Max = 2);
        await test.OpenIdle(1);
        var lease = await test.Lease();
        var failure = await test.Acquire().Refused(FailureCode.Exhausted);
        Assert.Equal((true, 0), (failure.IsRetryable, test.Pool.Snapshot().Waiting));
        test.Pool.Return(lease, Outcome.Good);
        await test.Lease();
    }

    [Fact]
    public async Task ChannelCanBeOpened_CallsWaitForIt_ThoseBeyondAreRefused()
    {
        var test = new PoolUnderTest(letsWait: false, permits: 10, pool: o => o.Max = 2);
        var waiting = new[] { test.Acquire(), test.Acquire() };
        await test.Acquire().Refused(FailureCode.Exhausted);
        test.Expect(connecting: 2, waiting: 2);
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        foreach (var call in waiting) await call.Granted();
        await test.Acquire().Refused(FailureCode.Exhausted);
    }

    [Fact]
    public async Task ChannelThatCarriesMany_IsWaitedForByAsManyAsItCarries()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 3, letsWait: false, permits: 10, pool: o => o.Max = 1);
        var waiting = Enumerable.Range(0, 3).Select(_ => test.Acquire()).ToList();
        await test.Acquire().Refused(FailureCode.Exhausted);
        test.Transport.Pending[0].Succeed();
        foreach (var call in waiting) await call.Granted();
    }

    [Fact]
    public async Task ConnectFails_WithOthersBusy_WhoWaitedForItIsTold()
    {
        var test = new PoolUnderTest(letsWait: false, pool: o => (o.Max, o.ConnectAttempts) = (2, 1));
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = test.Acquire();
        test.Transport.Pending[0].Fail();
        await waiting.Refused(FailureCode.ConnectFailed);
    }

    [Fact]
    public async Task ShareShrinks_WhoWaitsForAConnectThatWillBeOfNoUse_IsToldAtOnce_TheLastFirst()
    {
        var test = new PoolUnderTest(letsWait: false, permits: 4);
        var waiting = Enumerable.Range(0, 4).Select(_ => test.Acquire()).ToList();
        test.SetLimit(2);
        foreach (var call in waiting.Skip(2)) await call.Refused(FailureCode.Exhausted);
        test.Expect(connecting: 4, waiting: 2);
        test.SetLimit(0);
        foreach (var call in waiting.Take(2)) await call.Refused(FailureCode.Exhausted);
        Assert.Equal((4, 0), (test.Totals.Refused, test.Pool.Snapshot().Waiting));
    }

    [Fact]
    public async Task ConnectionsOfTheShareVanish_WhoWaitsForOne_IsToldAtOnce()
    {
        var test = new PoolUnderTest(letsWait: false, permits: 4, pool: o => o.ConnectConcurrency = 1);
        var waiting = new[] { test.Acquire(), test.Acquire() };
        test.Pool.Apply(new PoolShare(4, 1));
        await waiting[1].Refused(FailureCode.Exhausted);
        test.Transport.Pending[0].Succeed();
        await waiting[0].Granted();
    }

    [Fact]
    public async Task PeerTakesFewerCallsThanWasThought_WhoFindsNoPlace_IsToldAtOnce()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 3, letsWait: false, permits: 10, pool: o => o.Max = 1);
        var waiting = Enumerable.Range(0, 3).Select(_ => test.Acquire()).ToList();
        test.Transport.Pending[0].Succeed(peerLimit: 1);
        await waiting[0].Granted();
        foreach (var call in waiting.Skip(1)) await call.Refused(FailureCode.Exhausted);
    }

    [Fact]
    public async Task ShareShrinks_InTheModeThatWaits_NobodyIsTold()
    {
        var test = new PoolUnderTest(permits: 4);
        var waiting = test.Acquire();
        test.SetLimit(0);
        Assert.False(waiting.IsCompleted);
        test.SetLimit(1);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task NoShareYet_CallsWait()
    {
        var test = new PoolUnderTest(letsWait: false, isGranted: false);
        var waiting = test.Acquire();
        Assert.False(waiting.IsCompleted);
        test.SetLimit(1);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task CallsTurnedAway_AskForALargerShare_ForASecond()
    {
        var test = new PoolUnderTest(letsWait: false, permits: 2, pool: o => o.Max = 2);
        var woken = 0;
        test.Pool.Starves = () => woken++;
        await test.OpenIdle(2);
        woken = 0;
        for (var n = 0; n < 2; n++) await test.Lease();
        for (var n = 0; n < 10; n++) await test.Acquire().Refused(FailureCode.Exhausted);
        Assert.Equal((1, 3), (woken, test.Pool.Load().Waiting));
        test.Clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(0, test.Pool.Load().Waiting);
        await test.Acquire().Refused(FailureCode.Exhausted);
        Assert.Equal((2, 1), (woken, test.Pool.Load().Waiting));
    }
}
