using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Limits.Laws.Adaptive;

/// <summary>The adaptive law where it has a handful of permits: they are whole, and calls are few.</summary>
public class FewPermitsTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OnePermit_WithAllSlotsFree_BecomesAsManyAsThereAreSlots(int seed)
    {
        // An upstream that pushed back whatever it was given, and has stopped to.
        var settled = ModelOf(seed);
        settled.Run(60);
        var model = ModelOf(seed, settled.Memory with { Limit = 1.3, GoodLimit = 1.3 });
        model.Until(limit => limit > 95, most: 40);
    }

    [Theory]
    [InlineData(3, 30)]
    [InlineData(8, 82)]
    [InlineData(100, 200)]
    public void Decision_OnFewPermits_NeedsFewerCalls(int limit, int samples)
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var held = law.Next(law.Start(bounds, new LimitMemory(limit, limit, Baselines(limit))), Epochs.Of(50, inFlight: limit), bounds);
        Assert.Equal((LimitReason.Hold, samples), (held.Reason, held.Plan.Samples));
    }

    // A queue of just the share aimed at: nothing to do but hold.
    private static double[] Baselines(int limit)
    {
        var times = new double[OrleansPool.Core.Limits.Sampling.MethodClasses.Count];
        times[0] = 50_000 * (1 - Math.Max(.08, 1.0 / limit));
        return times;
    }

    private static LawInAModel ModelOf(int seed, LimitMemory? memory = null) => new(seed, memory) { Classes = [(.01, 1)], Bounds = new(1, 4000, 20) };
}
