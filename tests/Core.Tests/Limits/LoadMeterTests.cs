using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits;

/// <summary>Exact integrals over time, whatever the rhythm of the calls and of the samples.</summary>
public class LoadMeterTests
{
    [Fact]
    public void Take_IntegratesCallsStreamsWaitersAndBoundTime()
    {
        var meter = new LoadMeter(permits: 2, At(10));
        meter.Acquired(At(11));
        meter.Acquired(At(13));
        meter.BecameStream(At(11), At(14));
        meter.SetWaiting(3, At(15));
        meter.SetWaiting(1, At(16));
        meter.Settled(Outcome.Good, At(13), At(17));
        meter.Settled(Outcome.Stream, At(11), At(19));
        meter.SetWaiting(0, At(19));
        var sample = meter.Take(At(20));

        // One call from 11 to 19, one from 13 to 17; a stream from 14 to 19; 3 waiters for 1 s and 1 for 3 s; two permits used up from 13 to 17.
        Assert.Equal((10, 12, 5, 6, 4), (sample.Span.TotalSeconds, sample.InFlightSeconds, sample.StreamSeconds, sample.WaitingSeconds, sample.BoundSeconds));
        Assert.Equal((1, 1, 2, 2), (sample.Good, sample.Ignored, sample.PeakInFlight, sample.Permits));
    }

    [Fact]
    public void Take_CountsWhoAskedOnce_WhetherServedWaitingOrRefused()
    {
        var meter = new LoadMeter(permits: 2, At(0));
        meter.Acquired(At(1));
        meter.SetWaiting(3, At(2));
        meter.Refused();
        Assert.Equal(5, meter.Take(At(3)).Asked);

        // Of the three that wait one is served, one is refused and one is left; two more come.
        meter.SetWaiting(1, At(4));
        meter.Acquired(At(4));
        meter.Refused();
        meter.SetWaiting(3, At(5));
        Assert.Equal(2, meter.Take(At(6)).Asked);
    }

    [Fact]
    public void Take_BeginsAnew_WithWhatIsStillOpen()
    {
        var meter = new LoadMeter(permits: 1, At(0));
        meter.Acquired(At(1));
        meter.Refused();
        meter.Waited();
        var first = meter.Take(At(2));
        var second = meter.Take(At(5));
        Assert.Equal((1, 1, 1, 1), (first.InFlightSeconds, first.Refused, first.Waited, first.PeakInFlight));
        Assert.Equal((3, 0, 0, 1), (second.InFlightSeconds, second.Refused, second.Waited, second.PeakInFlight));
        Assert.Equal((3, 3), (second.Span.TotalSeconds, second.BoundSeconds));
    }

    [Fact]
    public void Settled_CountsByKind_AndOnlyGoodCallsHaveResponseTimes()
    {
        var meter = new LoadMeter(10, At(0));
        CallOutcome[] ends = [Outcome.GoodOf(3), Outcome.GoodOf(3), Outcome.GoodOf(7), Outcome.Ignored, CallOutcome.Dropped(DropKind.Timeout), CallOutcome.Dropped(DropKind.PushBack), CallOutcome.Dropped(DropKind.PushBack), CallOutcome.Dropped(DropKind.Failure)];
        foreach (var end in ends)
        {
            meter.Acquired(At(1));
            meter.Settled(end, At(1), At(1.5));
        }

        var sample = meter.Take(At(2));
        Assert.Equal((3, 1, 1, 2, 1), (sample.Good, sample.Ignored, sample.Timeouts, sample.PushBacks, sample.Failures));
        Assert.Equal([3, 7], Enumerable.Range(0, MethodClasses.Count).Where(c => sample.ResponseTimes[c] is not null));
        Assert.Equal((2, TimeSpan.FromSeconds(1)), (sample.ResponseTimes[3]!.Count, sample.ResponseTimes[3]!.Sum));
    }

    [Fact]
    public void BoundTime_FollowsAChangeOfThePermits()
    {
        var meter = new LoadMeter(permits: 1, At(0));
        meter.Acquired(At(0));
        meter.SetPermits(2, At(3));
        meter.SetPermits(0, At(5));
        var sample = meter.Take(At(6));
        Assert.Equal((4, 0), (sample.BoundSeconds, sample.Permits));
    }

    [Fact]
    public void OldestOpen_IsTheAgeOfTheOldestCall_AndStreamsAreNotCounted()
    {
        var meter = new LoadMeter(10, At(0));
        Assert.Equal(TimeSpan.Zero, meter.OldestOpen(At(1)));
        meter.Acquired(At(1));
        meter.Acquired(At(2));
        meter.Acquired(At(3));
        meter.BecameStream(At(1), At(3));
        AssertAge(1, meter.OldestOpen(At(3)));
        meter.Settled(Outcome.Good, At(2), At(4));
        AssertAge(2, meter.OldestOpen(At(5)));
        meter.Settled(Outcome.Stream, At(1), At(5));
        meter.Settled(Outcome.Good, At(3), At(5));
        Assert.Equal(TimeSpan.Zero, meter.OldestOpen(At(5)));
    }

    [Fact]
    public void OldestOpen_BeyondItsMemory_IsItsLongest_UntilThatCallEnds()
    {
        var meter = new LoadMeter(10, At(0));
        meter.Acquired(At(1));
        meter.Acquired(At(58));
        Assert.Equal(OpenCallAges.Longest, meter.OldestOpen(At(60)));
        meter.Settled(Outcome.Good, At(1), At(100));
        Assert.Equal(OpenCallAges.Longest, meter.OldestOpen(At(101)));
        meter.Settled(Outcome.Good, At(58), At(102));
        Assert.Equal(TimeSpan.Zero, meter.OldestOpen(At(103)));
    }

    [Fact]
    public void OldestOpen_OverManyRandomCalls_IsRightToASlice()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var meter = new LoadMeter(10, At(0));
        var open = new List<TimeSpan>();
        var now = At(5);
        for (var step = 0; step < 5_000; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(60));
            if (random.Next(2) == 0)
            {
                meter.Acquired(now);
                open.Add(now);
            }
            else if (open.Count > 0)
            {
                var since = open[random.Next(open.Count)];
                open.Remove(since);
                meter.Settled(Outcome.Good, since, now);
            }

            var truth = open.Count == 0 ? TimeSpan.Zero : now - open.Min();
            if (truth > OpenCallAges.Longest) truth = OpenCallAges.Longest;
            var told = meter.OldestOpen(now);
            Assert.True(told <= truth && truth - told < TimeSpan.FromMilliseconds(53), $"seed {seed}, step {step}: {told} for {truth}");
        }
    }

    [Fact]
    public void Rate_FollowsTheArrivals_AndForgetsThem()
    {
        var meter = new LoadMeter(10, At(0));
        var rate = 0.0;
        for (var second = 1; second <= 20; second++)
        {
            for (var call = 0; call < 50; call++) meter.Arrived();
            rate = meter.Rate(At(second));
        }

        Assert.InRange(rate, 49, 50.1);
        Assert.Equal(rate, meter.Rate(At(20)));
        Assert.InRange(meter.Rate(At(40)), 0, 0.1);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void AssertAge(double seconds, TimeSpan told) => Assert.InRange(told, At(seconds - 0.053), At(seconds));
}
