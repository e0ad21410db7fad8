using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Tests.Pooling.Queueing;

/// <summary>A wait is told only when there is evidence for it.</summary>
public class WaitEstimateTests
{
    [Fact]
    public void For_ASteadyQueue_IsPositionOverRate_AndNotAbove()
    {
        var estimate = Busy(perSecond: 50, until: 10);
        var told = estimate.For(100, At(10))!.Value.TotalSeconds;
        Assert.InRange(told, 1.6, 2.0);
        Assert.Equal(told / 10, estimate.For(10, At(10))!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void For_BeforeAnybodyWasServed_NobodyKnows()
    {
        var estimate = new WaitEstimate();
        Assert.Null(estimate.For(1, At(1)));
        estimate.SetWaiting(true, At(1));
        Assert.Null(estimate.For(1_000_000, At(2)));
    }

    [Fact]
    public void For_AfterTooFewCalls_NobodyKnows()
    {
        Assert.Null(Busy(perSecond: 3, until: 1).For(1_000, At(1)));
        Assert.NotNull(Busy(perSecond: 30, until: 1).For(1_000, At(1)));
    }

    [Theory]
    [InlineData(14.1)]
    [InlineData(60)]
    public void For_WhenTheEvidenceIsOld_NobodyKnows(double later)
    {
        var estimate = Busy(perSecond: 50, until: 10);
        estimate.SetWaiting(false, At(10));
        Assert.Null(estimate.For(1_000, At(later)));
    }

    [Fact]
    public void For_WhenServiceStopped_NobodyKnows()
    {
        var estimate = Busy(perSecond: 50, until: 10);
        Assert.NotNull(estimate.For(1_000, At(11)));
        Assert.Null(estimate.For(1_000, At(15)));
    }

    [Fact]
    public void For_CountsOnlyTheTimeDuringWhichSomebodyWaited()
    {
        var estimate = new WaitEstimate();
        for (var burst = 0; burst < 10; burst++)
        {
            estimate.SetWaiting(true, At(burst * 0.2));
            for (var n = 0; n < 10; n++) estimate.Served(At((burst * 0.2) + 0.1));
            estimate.SetWaiting(false, At((burst * 0.2) + 0.1));
        }

        // 100 served in 1 s of waiting, within 2 s of time.
        Assert.InRange(estimate.For(100, At(1.95))!.Value.TotalSeconds, 0.8, 1);
    }

    [Fact]
    public void For_WhenServiceBecameFaster_FollowsWithinTwoWindows()
    {
        var estimate = Busy(perSecond: 20, until: 10);
        for (var n = 0; n < 800; n++) estimate.Served(At(10 + (n / 200.0)));
        Assert.InRange(estimate.For(200, At(14))!.Value.TotalSeconds, 0.8, 1.05);
    }

    private static WaitEstimate Busy(int perSecond, double until)
    {
        var estimate = new WaitEstimate();
        estimate.SetWaiting(true, At(0));
        for (var n = 1; n <= perSecond * until; n++) estimate.Served(At(n / (double)perSecond));
        return estimate;
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
