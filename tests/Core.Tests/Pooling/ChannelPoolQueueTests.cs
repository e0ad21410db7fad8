using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Who is let wait, and who is served next.</summary>
public class ChannelPoolQueueTests
{
    private static readonly TimeSpan _served = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Call_WhoseExpectedWaitExceedsItsDeadline_IsRefusedAtOnce_WithTheWaitAsRetryAfter()
    {
        var test = await BusyAsync();
        await test.Lease();
        var waiting = Enumerable.Range(0, 20).Select(_ => test.Acquire()).ToList();
        var told = await test.AcquireWithin(TimeSpan.FromSeconds(1)).Refused(FailureCode.WaitTooLong);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.1));
        Assert.True(told.IsRetryable);
        var patient = test.AcquireWithin(TimeSpan.FromSeconds(5));
        Assert.All(waiting.Append(patient), call => Assert.False(call.IsCompleted));
    }

    [Fact]
    public async Task Call_WithoutRecentEvidence_WaitsHoweverShortItsDeadline()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = Enumerable.Range(0, 100).Select(_ => test.Acquire()).ToList();
        var hasty = test.AcquireWithin(TimeSpan.FromMilliseconds(1));
        Assert.False(hasty.IsCompleted);
        test.Expect(busy: 1, waiting: 101);
        Assert.NotEmpty(waiting);
    }

    [Fact]
    public async Task Call_NextInTheQueue_ThatCanNoLongerBeAnsweredInTime_IsNotSent()
    {
        var test = await BusyAsync();
        var held = await test.Lease();
        var late = test.AcquireWithin(TimeSpan.FromMilliseconds(150));
        var next = test.Acquire();
        test.Clock.Advance(TimeSpan.FromMilliseconds(80));
        test.Pool.Return(held, Outcome.Ignored);
        await late.Refused(FailureCode.WaitTooLong);
        await next.Granted();
    }

    [Fact]
    public async Task Call_NextInTheQueue_WithLessTimeThanOneThatTimedOutHad_IsNotSent()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var late = test.AcquireWithin(TimeSpan.FromMilliseconds(150));
        var next = test.Acquire();
        test.Clock.Advance(TimeSpan.FromMilliseconds(100));
        test.Pool.Return(held, new CallOutcome(Verdict.Dropped, DropKind.Timeout, 0));
        await late.Refused(FailureCode.WaitTooLong);
        await next.Granted();
    }

    [Fact]
    public async Task GreedyCaller_IsServedInTurnsWithOthers()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, queue: Fair);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var greedy = Enumerable.Range(0, 5).Select(_ => test.AcquireFor("greedy")).ToList();
        var modest = test.AcquireFor("modest");
        test.Pool.Return(held, Outcome.Good);
        test.Pool.Return(await greedy[0].Granted(), Outcome.Good);
        await modest.Granted();
        Assert.Equal(4, greedy.Count(call => !call.IsCompleted));
    }

    [Fact]
    public async Task FullQueue_OfAGreedyCaller_MakesRoomForAnotherByItsLast()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, queue: queue =>
        {
            Fair(queue);
            queue.MaxWaiters = 3;
        });
        await test.OpenIdle(1);
        await test.Lease();
        var greedy = Enumerable.Range(0, 3).Select(_ => test.AcquireFor("greedy")).ToList();
        await test.AcquireFor("greedy").Refused(FailureCode.QueueFull);
        var modest = test.AcquireFor("modest");
        await greedy[2].Refused(FailureCode.QueueFull);
        test.Expect(busy: 1, waiting: 3);
        Assert.False(modest.IsCompleted);
    }

    private static void Fair(QueueOptions queue) => queue.Fairness.Headers = ["x-caller"];

    // One channel that has served one call after the other, each for a tenth of a second, to callers that waited for it.
    private static async Task<PoolUnderTest> BusyAsync()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        for (var n = 0; n < 20; n++)
        {
            var next = test.Acquire();
            test.Clock.Advance(_served);
            test.Pool.Return(held, Outcome.Good);
            held = await next.Granted();
        }

        var last = test.Acquire();
        test.Pool.Return(held, Outcome.Good);
        test.Pool.Return(await last.Granted(), Outcome.Ignored);
        return test;
    }
}
