using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits.Laws.Adaptive;

/// <summary>The adaptive law where it has a handful of permits: they are whole, and calls are few.</summary>
public class FewPermitsTests
{
    [Fact]
    public void OnePermit_UsedUp_WithNothingQueueing_BecomesTwo()
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var remembered = new LimitMemory(1.3, 1.3, Baselines(share: 0));
        var grown = law.Next(law.Start(bounds, remembered), Epochs.Of(50, inFlight: 1) with { Permits = 1 }, bounds);
        Assert.Equal((LimitReason.Grow, 2.3), (grown.Reason, grown.Limit));
    }

    [Theory]
    [InlineData(3, 30)]
    [InlineData(8, 82)]
    [InlineData(100, 200)]
    public void Decision_OnFewPermits_NeedsFewerCalls(int limit, int samples)
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);

        // A queue of just the share aimed at: nothing to do but hold.
        var held = law.Next(law.Start(bounds, new LimitMemory(limit, limit, Baselines(share: Math.Max(.08, 1.0 / limit)))), Epochs.Of(50, inFlight: limit), bounds);
        Assert.Equal((LimitReason.Hold, samples), (held.Reason, held.Plan.Samples));
    }

    private static double[] Baselines(double share)
    {
        var times = new double[MethodClasses.Count];
        times[0] = 50_000 * (1 - share);
        return times;
    }
}
