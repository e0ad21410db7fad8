using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Lab.Tests.Metrics;

public class EvaluationTests
{
    [Fact]
    public void Figures_OptimumAllAlong_AreTheBestThereAre()
    {
        var figures = new TraceUnderTest().Phase(60).Window([10, 10], [5, 5]).Figures();
        Assert.Equal(1, figures.G, 6);
        Assert.Equal(1, figures.O, 6);
        Assert.Equal(1, figures.J, 6);
        Assert.Equal(0, figures.Ridle);
        Assert.Equal(0, figures.Pr);
    }

    [Fact]
    public void G_TenthLessServedForHalfTheTime_IsATwentiethLess() =>
        Assert.Equal(0.95, new TraceUnderTest().Phase(30).Phase(30, tick => tick with { Good = 225 }).Figures().G, 6);

    [Fact]
    public void G_WarmUp_DoesNotCount() =>
        Assert.Equal(1, new TraceUnderTest { Measure = new MeasurePlan { WarmUp = TimeSpan.FromSeconds(10) } }.Phase(10, tick => tick with { Good = 0 }).Phase(30).Figures().G, 6);

    [Fact]
    public void G_CallsDrewMoreWork_CountForMore() =>
        Assert.Equal(1, new TraceUnderTest().Phase(30, tick => tick with { Luck = 1.25, Good = 200 }).Figures().G, 6);

    [Fact]
    public void O_ShortPeak_CountsUnlessOnlySettledTimesDo()
    {
        Assert.Equal(2, Peaked(new MeasurePlan { WarmUp = TimeSpan.Zero }).O, 6);
        Assert.Equal(1, Peaked(new MeasurePlan { WarmUp = TimeSpan.Zero, IsSettled = true, Grace = TimeSpan.FromSeconds(5) }).O, 6);

        static Figures Peaked(MeasurePlan measure) => new TraceUnderTest { Measure = measure }.Phase(60, tick => tick.At.TotalSeconds <= 2 ? tick with { PeakInFlight = 100 } : tick).Figures();
    }

    [Fact]
    public void Ridle_EveryTenthRefusedWhileIdle_IsATenth() =>
        Assert.Equal(0.1, new TraceUnderTest().Phase(60, tick => tick with { RefusedIdle = 50 }).Figures().Ridle, 6);

    [Fact]
    public void Tc_LimitFoundAfterThreeSeconds_IsSixEpochs()
    {
        var trace = new TraceUnderTest { Measure = new MeasurePlan { WarmUp = TimeSpan.Zero, ConvergesFrom = 1 } };
        Assert.Equal(6, trace.Phase(10).Phase(30, tick => tick.At.TotalSeconds <= 13 ? tick with { Limit = 20 } : tick).Figures().Tc, 6);
    }

    [Fact]
    public void Tc_LimitTooHighInAnOverload_IsNotFound()
    {
        var trace = new TraceUnderTest { Measure = new MeasurePlan { WarmUp = TimeSpan.Zero, ConvergesFrom = 0 } };
        Assert.Equal(60, trace.Phase(30, tick => tick with { Limit = 70 }).Figures().Tc, 6);
    }

    [Fact]
    public void Dr_LimitGrowsByATenthInAnHour_IsTen()
    {
        var trace = new TraceUnderTest { Measure = new MeasurePlan { WarmUp = TimeSpan.Zero, IsSettled = true } };
        Assert.Equal(0.1, trace.Phase(3600, tick => tick with { Limit = 50 + (5 * tick.At.TotalHours) }).Figures().Dr, 3);
    }

    [Fact]
    public void Pr_HalfServedForATwentieth_IsAFortieth() =>
        Assert.Equal(0.025, new TraceUnderTest().Phase(3, tick => tick with { IsProbing = true, Good = 125 }).Phase(57).Figures().Pr, 6);

    [Fact]
    public void Rec_GoodputBackFourSecondsAfterTheFault_IsFour()
    {
        var trace = new TraceUnderTest().Phase(30).Phase(30, tick => tick with { Good = 0 }, isFault: true);
        Assert.Equal(4, trace.Phase(60, tick => tick.At.TotalSeconds <= 64 ? tick with { Good = 100 } : tick).Figures().Rec, 6);
    }

    [Fact]
    public void J_OneHoldersCallersGetNothing_IsAHalf() => Assert.Equal(0.5, new TraceUnderTest().Phase(60).Window([10, 10], [5, 0]).Figures().J, 6);

    [Fact]
    public void J_OneAsksForLittleAndGetsIt_IsFair() => Assert.Equal(1, new TraceUnderTest().Phase(60).Window([2, 50, 50], [2, 4, 4]).Figures().J, 6);

    [Fact]
    public void RatioHistogram_Quantile_IsWithinAPercent()
    {
        var histogram = new RatioHistogram();
        for (var i = 1; i <= 10_000; i++) histogram.Record(i / 1000.0);
        Assert.InRange(histogram.Quantile(0.99), 9.8, 10);
        Assert.InRange(histogram.Quantile(0.5), 4.95, 5.05);
    }
}
