using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>A pool that an operator has paused: calls wait, whatever becomes of the upstream meanwhile.</summary>
public class ChannelPoolPauseTests
{
    private static readonly PoolShare _paused = new(4, 4) { IsPaused = true };
    private static readonly PoolShare _resumed = new(4, 4);

    [Fact]
    public async Task Calls_WhilePaused_WaitAlthoughChannelsAreIdle_AndAreServedInOrderAfterwards()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(1);
        test.Pool.Apply(_paused);
        var (first, second) = (test.Acquire(), test.Acquire());
        test.Expect(idle: 1, waiting: 2);
        test.Pool.Apply(_resumed);
        await first.Granted();
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Call_InFlight_Finishes_AndServesNobody()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(1);
        var lease = await test.Lease();
        test.Pool.Apply(_paused);
        var waiting = test.Acquire();
        test.Pool.Return(lease, Outcome.Good);
        test.Expect(idle: 1, waiting: 1);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Upstream_ThatGoesAndComesBackWhilePaused_FailsNoCall()
    {
        var test = new PoolUnderTest(pool: o => o.Min = 1);
        test.Transport.Pending[0].Succeed();
        test.Pool.Apply(_paused);
        var waiting = test.Acquire();
        test.Transport.Open[0].Break();
        test.Expect(waiting: 1);
        test.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(test.Transport.Pending);
        test.Pool.Apply(_resumed);
        (await test.Attempt()).Succeed();
        await waiting.Granted();
    }

    [Fact]
    public void Attempt_ThatFailsWhilePaused_TellsNobody()
    {
        var test = new PoolUnderTest(pool: o => o.ConnectAttempts = 1);
        var waiting = test.Acquire();
        test.Pool.Apply(_paused);
        test.Transport.Pending[0].Fail();
        test.Expect(waiting: 1);
        Assert.False(waiting.IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wait_WhilePaused_EndsWithTheDeadline_NotWithTheLongestWait(bool hasDeadline)
    {
        var test = new PoolUnderTest(queue: q => q.MaxWait = TimeSpan.FromSeconds(5));
        test.Pool.Apply(_paused);
        var waiting = hasDeadline ? test.AcquireWithin(TimeSpan.FromSeconds(12)) : test.Acquire();
        for (var second = 0; second < 11; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        test.Expect(waiting: 1);
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        if (hasDeadline) await waiting.Refused(FailureCode.DeadlineInQueue);
        else test.Expect(waiting: 1);
    }

    [Fact]
    public async Task LongestWait_AfterThePause_EndsAWaitAgain()
    {
        var test = new PoolUnderTest(queue: q => q.MaxWait = TimeSpan.FromSeconds(5));
        test.Pool.Apply(_paused);
        var waiting = test.Acquire();
        test.Clock.Advance(TimeSpan.FromSeconds(7));
        test.Pool.Apply(new PoolShare(0, 4));
        test.Clock.Advance(TimeSpan.FromSeconds(5));
        await waiting.Refused(FailureCode.QueueTimeout);
    }

    [Fact]
    public async Task Queue_ThatIsFull_RefusesAlsoWhilePaused()
    {
        var test = new PoolUnderTest(queue: q => q.MaxWaiters = 1);
        test.Pool.Apply(_paused);
        _ = test.Acquire();
        await test.Acquire().Refused(FailureCode.QueueFull);
    }

    [Fact]
    public void Endpoint_ThatLetsNoCallWait_DoesWhilePaused()
    {
        var test = new PoolUnderTest(letsWait: false);
        test.Pool.Apply(_paused);
        Assert.False(test.Acquire().IsCompleted);
    }

    [Fact]
    public void Host_ThatStartsPaused_IsWarm_AndOpensNothing()
    {
        var test = new PoolUnderTest(pool: o => o.Min = 2, share: _paused);
        test.Expect();
        Assert.True(test.Pool.Warm.IsCompleted);
        test.Pool.Apply(_resumed);
        test.Expect(connecting: 2);
    }

    [Fact]
    public async Task EvictIdle_ClosesWhatIsIdle_AndNothingElse()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(3);
        await test.Lease();
        test.Pool.EvictIdle();
        test.Expect(busy: 1);
        Assert.Equal(2, test.Totals.Closed[CloseReason.Evicted]);
    }

    [Fact]
    public async Task Reconnect_ReplacesAllChannelsOfNow_OneAfterTheOther_AndCutsNoCall()
    {
        var test = new PoolUnderTest(pool: o => o.ConnectRate = 1);
        await test.OpenIdle(3);
        var busy = await test.Lease();
        test.Pool.Reconnect();
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(test.Totals.Closed[CloseReason.Replaced], 0, 2);
        for (var second = 0; second < 20; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        test.Expect(draining: 1);
        Assert.Equal(2, test.Totals.Closed[CloseReason.Replaced]);
        test.Pool.Return(busy, Outcome.Good);
        test.Expect();
        await test.OpenIdle(1);
        for (var second = 0; second < 20; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        test.Expect(idle: 1);
    }
}
