using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>A pool whose numbers change while it runs.</summary>
public class ChannelPoolAdjustTests
{
    [Fact]
    public async Task Max_BelowWhatIsBusy_CutsNothing_AndGrantsNothingUntilEnoughHasEnded()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 4);
        await test.OpenIdle(4);
        var calls = new List<ChannelLease>();
        for (var n = 0; n < 4; n++) calls.Add(await test.Lease());
        test.Pool.Adjust(Tuning(test, max: 2));
        test.Expect(busy: 2, draining: 2);
        Assert.All(test.Transport.Open, channel => Assert.False(channel.WasAskedToClose));
        foreach (var call in calls) test.Pool.Return(call, Outcome.Good);
        test.Expect(idle: 2);
        await test.Lease();
        await test.Lease();
        Assert.False(test.Acquire().IsCompleted);
        Assert.Equal((0, 4, 2), (test.Transport.Pending.Count, test.Transport.Attempts, test.Pool.Snapshot().Max));
    }

    [Fact]
    public async Task Max_Raised_OpensForWhomeverWaits_AsFarAsTheShareGoes()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, share: new PoolShare(10, 3));
        await test.OpenIdle(1);
        await test.Lease();
        var waiting = Enumerable.Range(0, 5).Select(_ => test.Acquire()).ToList();
        Assert.Empty(test.Transport.Pending);
        test.Pool.Adjust(Tuning(test, max: 8));
        Assert.Equal(2, test.Transport.Pending.Count);
        Assert.Equal(5, waiting.Count(call => !call.IsCompleted));
    }

    [Fact]
    public void Min_Raised_IsOpenedAtOnce_AndToldToTheBudget()
    {
        var test = new PoolUnderTest();
        Assert.Empty(test.Transport.Pending);
        test.Pool.Adjust(Tuning(test, min: 2));
        Assert.Equal((2, 2), (test.Transport.Pending.Count, test.Pool.Load().Min));
    }

    [Fact]
    public async Task MaxWaiters_Lowered_RefusesNewcomers_AndKeepsWhoWaits()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var waiting = test.Acquire();
        test.Pool.Adjust(Tuning(test, queue: new QueueOptions { MaxWaiters = 1 }));
        var refused = await test.Acquire().Refused(FailureCode.QueueFull);
        Assert.Contains("Queue:MaxWaiters = 1 ", refused.Detail, StringComparison.Ordinal);
        test.Pool.Return(held, Outcome.Good);
        await waiting.Granted();
    }

    [Fact]
    public async Task Weights_Changed_HoldForTheNextTurnsOfThoseWhoWait()
    {
        var test = new PoolUnderTest(pool: o => o.Max = 1, queue: o => o.Fairness = new FairnessOptions { Headers = ["x"] });
        await test.OpenIdle(1);
        var held = await test.Lease();
        var waiting = Enumerable.Range(0, 8).Select(n => (Caller: n < 4 ? "a" : "b", Call: test.AcquireFor(n < 4 ? "a" : "b"))).ToList();
        test.Pool.Adjust(Tuning(test, queue: new QueueOptions { Fairness = new FairnessOptions { Headers = ["x"], Weights = ["b=4"] } }));
        var served = "";
        for (var turn = 0; turn < 5; turn++)
        {
            test.Pool.Return(held, Outcome.Good);
            var call = await Task.WhenAny(waiting.Select(waiter => waiter.Call)).InTime("the next turn");
            var next = waiting.Single(waiter => waiter.Call == call);
            waiting.Remove(next);
            held = await call.Granted();
            served += next.Caller;
        }

        Assert.Equal("abbbb", served);
    }

    private static PoolTuning Tuning(PoolUnderTest test, int min = 0, int? max = null, QueueOptions? queue = null) => new(min, max ?? test.Options.Max, queue ?? new QueueOptions());
}
