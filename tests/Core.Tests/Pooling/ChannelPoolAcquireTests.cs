using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Acquire, wait, return: the invariants of design.md section 6, by their numbers.</summary>
public class ChannelPoolAcquireTests
{
    [Fact] // 1
    public async Task Pool_ManyCallersOnAColdPool_NeverOpensMoreThanMax()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 3);
        var calls = Enumerable.Range(0, 10).Select(_ => test.Acquire()).ToList();
        test.Expect(connecting: 3, waiting: 10);
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        test.Expect(busy: 3, waiting: 7);
        await calls[2].Granted();
    }

    [Fact] // 2
    public async Task Return_WithAWaiter_WakesExactlyTheFirst()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var (first, second) = (test.Acquire(), test.Acquire());
        test.Pool.Return(held, Outcome.Good);
        await first.Granted();
        Assert.False(second.IsCompleted);
        test.Expect(busy: 1, waiting: 1);
    }

    [Fact] // 2: whatever freed it
    public async Task BrokenChannel_WithAWaiter_LeadsToANewConnectionForIt()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var lost = await test.Lease();
        var waiting = test.Acquire();
        test.Transport.Open[0].Break();
        test.Pool.Return(lost, Outcome.Dropped);
        test.Expect(connecting: 1, waiting: 1);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact] // 2: whatever freed it
    public async Task LimitRaised_WithWaiters_WakesAsManyAsItAllows()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, permits: 1);
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = Enumerable.Range(0, 3).Select(_ => test.Acquire()).ToList();
        test.SetLimit(3);
        await waiting[0].Granted();
        await waiting[1].Granted();
        Assert.False(waiting[2].IsCompleted);
    }

    [Fact] // 2: whatever freed it
    public async Task PeerAllowsMoreCalls_WithWaiters_WakesThem()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, pool: o => o.Max = 1);
        var first = test.Acquire();
        var channel = test.Transport.Pending[0].Succeed(peerLimit: 1);
        await first.Granted();
        var second = test.Acquire();
        test.Expect(busy: 1, waiting: 1);
        channel.Announce(2);
        await second.Granted();
    }

    [Fact] // 3, 4
    public async Task Newcomer_WhileOthersWait_DoesNotOvertake()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var waiting = Enumerable.Range(0, 3).Select(_ => test.Acquire()).ToList();
        test.Pool.Return(held, Outcome.Good);
        var newcomer = test.Acquire();
        foreach (var call in waiting) test.Pool.Return(await call.Granted(), Outcome.Good);
        await newcomer.Granted();
    }

    [Fact] // 5
    public async Task WaiterBehindAConnect_ServedByAReturn_LeavesTheConnectionToTheNext()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 2);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var waiting = test.Acquire();
        test.Expect(busy: 1, connecting: 1, waiting: 1);
        test.Pool.Return(held, Outcome.Good);
        await waiting.Granted();
        test.Transport.Pending[0].Succeed();
        test.Expect(idle: 1, busy: 1);
    }

    [Fact] // 6
    public async Task CancelledWaiter_LeavesAtOnce_AndEatsNoPermit()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        using var leaving = new CancellationTokenSource();
        var (left, stays) = (test.Acquire(leaving.Token), test.Acquire());
        await leaving.CancelAsync();
        await left.Refused(FailureCode.CallerCancelled);
        test.Expect(busy: 1, waiting: 1);
        test.Pool.Return(held, Outcome.Good);
        test.Pool.Return(await stays.Granted(), Outcome.Good);
        test.Expect(idle: 1);
        Assert.Equal(0, test.Limiter.InFlight);
    }

    [Fact] // 7
    public async Task CancelWhileConnecting_LateSuccess_IsPooled()
    {
        var test = new PoolUnderTest();
        using var leaving = new CancellationTokenSource();
        var left = test.Acquire(leaving.Token);
        await leaving.CancelAsync();
        await left.Refused(FailureCode.CallerCancelled);
        test.Expect(connecting: 1);
        test.Transport.Pending[0].Succeed();
        test.Expect(idle: 1);
    }

    [Fact] // 8
    public async Task Waiter_DeadlineBeforeMaxWait_IsToldItsDeadlinePassed()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, queue: q => q.MaxWait = TimeSpan.FromSeconds(30));
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = test.AcquireWithin(TimeSpan.FromSeconds(2));
        test.Clock.Advance(TimeSpan.FromSeconds(1.999));
        Assert.False(waiting.IsCompleted);
        test.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await waiting.Refused(FailureCode.DeadlineInQueue);
        test.Expect(busy: 1);
    }

    [Fact]
    public async Task Waiter_MaxWaitBeforeDeadline_IsToldWithNumbersAndTheSettingToRaise()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, queue: q => q.MaxWait = TimeSpan.FromSeconds(3));
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = test.AcquireWithin(TimeSpan.FromSeconds(20));
        test.Clock.Advance(TimeSpan.FromSeconds(3));
        var told = await waiting.Refused(FailureCode.QueueTimeout);
        Assert.True(told.IsRetryable);
        Assert.Contains("limit 1, in flight 1, channels busy 1, idle 0, connecting 0, draining 0 of Pool:Max = 1, waiting 0", told.Detail, StringComparison.Ordinal);
        Assert.Contains("raise Limits:Max or Pool:Max", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_DeadlineAlreadyPassed_IsRefusedWithoutQueueing()
    {
        var test = new PoolUnderTest();
        await test.AcquireWithin(TimeSpan.Zero).Refused(FailureCode.DeadlineInQueue);
        test.Expect();
    }

    [Fact]
    public async Task Caller_QueueIsFull_IsRefusedAtOnce()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, queue: q => q.MaxWaiters = 2);
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = new[] { test.Acquire(), test.Acquire() };
        var told = await test.Acquire().Refused(FailureCode.QueueFull);
        Assert.True(told.Traits.HasFlag(FailureTraits.Rejected));
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        test.Expect(busy: 1, waiting: 2);
    }

    [Fact] // 9
    public async Task Lease_ReturnedTwice_IsCountedOnce()
    {
        var test = new PoolUnderTest();
        await test.OpenIdle(1);
        var lease = await test.Lease();
        test.Pool.Return(lease, Outcome.Good);
        test.Pool.Return(lease, Outcome.Good);
        test.Expect(idle: 1);
        Assert.Equal(0, test.Limiter.InFlight);
        Assert.Equal(1, test.Pool.Snapshot().Totals.StrayReturns);
    }

    [Fact] // 9
    public async Task Lease_ReturnedAgainAfterItsSlotWasLeasedAnew_DoesNotFreeTheOther()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var old = await test.Lease();
        test.Pool.Return(old, Outcome.Good);
        await test.Lease();
        test.Pool.Return(old, Outcome.Good);
        test.Expect(busy: 1);
        Assert.Equal(1, test.Limiter.InFlight);
    }

    [Fact] // 9
    public async Task Lease_ReturnedToAnotherPool_ChangesNeither()
    {
        var (mine, other) = (new PoolUnderTest(), new PoolUnderTest());
        await mine.OpenIdle(1);
        await other.OpenIdle(1);
        var lease = await mine.Lease();
        other.Pool.Return(lease, Outcome.Good);
        mine.Expect(busy: 1);
        other.Expect(idle: 1);
        Assert.Equal(1, other.Pool.Snapshot().Totals.StrayReturns);
    }

    [Fact] // 17
    public async Task LimitLoweredBelowBusy_KillsNothing_AndGrantsNothingUntilBelow()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10, permits: 4);
        await test.OpenIdle(1);
        var leases = new[] { await test.Lease(), await test.Lease(), await test.Lease() };
        test.SetLimit(1);
        test.Expect(busy: 1);
        var waiting = test.Acquire();
        test.Pool.Return(leases[0], Outcome.Good);
        test.Pool.Return(leases[1], Outcome.Good);
        Assert.False(waiting.IsCompleted);
        test.Pool.Return(leases[2], Outcome.Good);
        await waiting.Granted();
    }

    [Fact]
    public async Task Waiters_WithoutAPermit_OpenNoConnections()
    {
        var test = new PoolUnderTest(permits: 1);
        await test.OpenIdle(1);
        await test.Lease();
        _ = test.Acquire();
        test.Expect(busy: 1, waiting: 1);
    }

    [Fact]
    public async Task Acquire_SlotsFree_CompletesAtOnceAndAllocatesNothing()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10);
        await test.OpenIdle(1);
        void Once()
        {
            var acquiring = test.Pool.AcquireAsync(new Admission(Deadline.None), default);
            Assert.True(acquiring.IsCompletedSuccessfully);
            test.Pool.Return(acquiring.GetAwaiter().GetResult().Lease, Outcome.Good);
        }

        for (var warm = 0; warm < 100; warm++) Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1000; n++) Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
