using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits.Laws.Adaptive;

/// <summary>What the adaptive law must hold, in a model of 100 slots and 50 ms. Its fixed point is slots / (1 - 0.08) = 109.</summary>
public class AdaptiveLawTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Overload_FromAColdStart_FindsTheSlots(int seed)
    {
        var model = new LawInAModel(seed);
        model.Until(limit => limit is > 95 and < 125, most: 12);
        Assert.InRange(model.Run(20).Average(), 100, 120);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Overload_ForAnHour_DoesNotDrift(int seed)
    {
        var model = new LawInAModel(seed);
        model.Run(60);
        var limits = model.Run(7000);
        Assert.InRange(limits.Max(), 105, 130);
        Assert.InRange(limits[..1000].Average(), 104, 114);
        Assert.InRange(limits[^1000..].Average(), 104, 114);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Incident_IsCutInOneStepAfterItIsSeen_AndForgottenWhenOver(int seed)
    {
        var model = Settled(seed);
        model.Slots = 30;
        Assert.True(model.Until(limit => limit < 40, most: 3) <= 3);
        Assert.InRange(model.Run(100)[20..].Average(), 28, 38);
        model.Slots = 100;
        model.Until(limit => limit > 95, most: 9);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ServiceTime_Tripled_IsTakenForTheBaseline_AndTheLimitComesBack(int seed)
    {
        var model = Settled(seed);
        model.Classes = [(.15, 1)];
        model.Until(limit => limit < 80, most: 2);
        model.Until(limit => limit > 95, most: 12);
        Assert.InRange(model.Run(40)[10..].Average(), 100, 122);
        Assert.InRange(model.Baseline.TotalMilliseconds, 125, 170);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ServiceTime_ATenth_IsTakenForTheBaselineAtOnce(int seed)
    {
        var model = Settled(seed);
        model.Classes = [(.005, 1)];
        Assert.InRange(model.Run(20).Max(), 100, 145);
        Assert.InRange(model.Baseline.TotalMilliseconds, 4, 6);
        Assert.InRange(model.Run(20).Average(), 95, 120);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Mix_Flipped_IsNoSlowerUpstream(int seed)
    {
        var model = new LawInAModel(seed) { Classes = [(.005, .95), (.5, .05)] };
        model.Run(60);
        model.Classes = [(.005, .5), (.5, .5)];
        Assert.InRange(model.Run(20).Min(), 90, 130);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Traffic_Low_TeachesNothingAndTakesNothing(int seed)
    {
        var model = Settled(seed);
        var before = model.Limit;
        model.Load = .001;
        Assert.Equal([before], model.Run(200).Distinct());
        Assert.Equal(LimitReason.NotBound, model.Reason);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Limit_NotUsedUp_NeverGrows(int seed)
    {
        var model = Settled(seed);
        foreach (var load in (double[])[.9, .3, .6, .05])
        {
            model.Load = load;
            var limits = model.Run(50);
            Assert.Equal(limits.OrderDescending(), limits);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Errors_OfAnyKind_NeverRaiseIt(int seed)
    {
        var model = new LawInAModel(seed) { Fault = Errors(seed) };
        var limits = model.Run(200).Prepend(20).ToList();
        Assert.All(limits.Zip(limits.Skip(1)), pair => Assert.True(pair.Second <= pair.First, $"{pair.First} to {pair.Second}"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Errors_OfAnyKind_DoNotPoisonTheBaseline(int seed)
    {
        var model = Settled(seed);
        model.Fault = Errors(seed);
        model.Run(60);
        model.Fault = epoch => epoch;
        Assert.InRange(model.Run(60)[50..].Average(), 98, 122);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BlackHole_BringsItDownToAQuarter_AndBackSoonAfter(int seed)
    {
        var model = Settled(seed);
        var before = model.Limit;
        model.Fault = epoch => epoch with { Good = 0, GoodRate = 0, Timeouts = 50, TimeoutSeconds = 50, OldestOpen = TimeSpan.FromSeconds(1), ResponseTimes = new ResponseTimeHistogram?[MethodClasses.Count] };
        var limits = model.Run(60);
        Assert.Equal(limits.OrderDescending(), limits);
        Assert.InRange(limits[^1], before * .2, before * .3);
        model.Fault = epoch => epoch;
        model.Until(limit => limit > 95, most: 9);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BlackHole_Over_TheFirstStepUpDoublesTheLimit(int seed)
    {
        var model = Settled(seed);
        model.Fault = epoch => epoch with { Good = 0, GoodRate = 0, Timeouts = 50, TimeoutSeconds = 50, ResponseTimes = new ResponseTimeHistogram?[MethodClasses.Count] };
        var low = model.Run(20)[^1];
        model.Fault = epoch => epoch;
        model.Until(limit => limit > low * 1.1, most: 5);
        Assert.InRange(model.Limit, low * 1.9, low * 2.1);
    }

    [Theory]
    [InlineData(.158, LimitReason.Overdue, 70)]
    [InlineData(.02, LimitReason.TooFewSamples, 100)]
    public void Timeouts_OfMostCalls_AreMeasuredByTheUnqueuedMean(double given, LimitReason reason, double limit)
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var healthy = law.Next(law.Start(bounds, Known(100)), Epochs.Of(52, inFlight: 100), bounds);
        var incident = Epochs.Of(165, inFlight: 100, good: 86, timeouts: 217) with { TimeoutSeconds = 217 * given };
        var next = law.Next(healthy with { Limit = 100 }, incident, bounds);
        Assert.Equal((reason, limit), (next.Reason, Math.Round(next.Limit)));
        Assert.Equal(healthy.Baseline, next.Baseline);
    }

    [Fact]
    public void Queue_OfCallsLeftFromALargerLimit_IsCutFromTheirNumber()
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var next = law.Next(law.Start(bounds, Known(37)), Epochs.Of(100, inFlight: 54), bounds);
        Assert.Equal(LimitReason.Queueing, next.Reason);
        Assert.InRange(next.Limit, 54 * .5, 54 * .56);
    }

    [Fact]
    public void Queue_OfIdlePermitsDealtTwice_TakesNothingFromTheLimit()
    {
        // A sudden rise of demand uses 135 permits of a limit of 110: what queues is what is beyond the slots, and 100 of these calls are served.
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var next = law.Next(law.Start(bounds, Known(110)), Epochs.Of(67.5, inFlight: 135), bounds);
        Assert.Equal(LimitReason.Queueing, next.Reason);
        Assert.InRange(next.Limit, 107, 110);
    }

    [Theory]
    [InlineData(1000, 40)]
    [InlineData(700, 31.5)]
    [InlineData(100, 26)]
    public void ColdStart_GrowsByWhatIsAskedFor_AndNoMoreThanTwice(double askedPerSecond, double limit)
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var next = law.Next(law.Start(bounds, remembered: null), Epochs.Of(50, inFlight: 20) with { AskedRate = askedPerSecond, Permits = 20 }, bounds);
        Assert.Equal((LimitReason.Grow, limit), (next.Reason, Math.Round(next.Limit, 1)));
    }

    [Fact]
    public void ColdStart_ABurstThatBeginsLateInTheEpoch_IsGrownFor()
    {
        // Most of the epoch was idle, so the mean of the calls in flight says nothing of what is needed now.
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var epoch = Epochs.Of(50, inFlight: 9) with { AskedRate = 1000, Permits = 20, PeakInFlight = 20, BoundShare = .4, Holders = 2 };
        Assert.Equal(40, law.Next(law.Start(bounds, remembered: null), epoch, bounds).Limit);
    }

    [Theory]
    [InlineData(55, LimitReason.Hold)]
    [InlineData(52, LimitReason.Grow)]
    public void ColdStart_WithMoreQueueThanIsAimedAt_DoesNotGrow(double milliseconds, LimitReason reason)
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var first = law.Next(law.Start(bounds, remembered: null), Epochs.Of(50, inFlight: 20), bounds);
        var next = law.Next(first with { Limit = 22 }, Epochs.Of(milliseconds, inFlight: 20.5) with { AskedRate = 5000, Permits = 22 }, bounds);
        Assert.Equal(reason, next.Reason);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ColdStart_OvershootsByHalfAtMost(int seed)
    {
        var model = new LawInAModel(seed) { Load = 1.4 };
        Assert.InRange(model.Run(30).Max(), 100, 150);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Calls_HangingWithoutATimeout_CountAsSoonAsTheyAreOld(int seed)
    {
        var model = Settled(seed);
        model.Fault = epoch => epoch with { Good = epoch.Good / 10, GoodRate = epoch.GoodRate / 10, OldestOpen = TimeSpan.FromSeconds(3) };
        model.Run(1);
        Assert.Equal(LimitReason.Overdue, model.Reason);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SlowestTenth_AboveWhatIsHealthy_BrakesUntilItIsNot(int seed)
    {
        // Nothing queues: a tenth of these calls takes 84 ms and more by nature.
        var model = Settled(seed);
        var before = model.Limit;
        model.Bounds = model.Bounds with { SlowestHealthy = TimeSpan.FromMilliseconds(60) };
        model.Run(10);
        Assert.Equal(LimitReason.Overdue, model.Reason);
        Assert.InRange(model.Limit, before * .2, before * .3);
        model.Bounds = model.Bounds with { SlowestHealthy = TimeSpan.FromMilliseconds(300) };
        model.Until(limit => limit > 95, most: 9);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PushBack_AboveFiveCalls_FindsTheFive(int seed)
    {
        var model = new LawInAModel(seed) { Fault = PushedBackAbove(5) };
        model.Until(limit => limit <= 6, most: 8);
        Assert.InRange(model.Run(50).Average(), 4, 7);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PushBack_ThatComesWhateverTheLimit_StopsCuttingIt(int seed)
    {
        var model = Settled(seed);
        model.Fault = epoch => epoch with { PushBacks = epoch.Good };
        Assert.InRange(model.Run(100)[^1], 80, 95);
        model.Fault = epoch => epoch;
        model.Until(limit => limit > 98, most: 9);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PushBack_ThatBeginsDuringAProbe_IsJudgedAtTheLimitBeforeIt(int seed)
    {
        var model = Settled(seed);
        var before = 0.0;
        for (var epoch = 0; epoch < 120 && (model.Reason != LimitReason.Probe || model.Limit >= before); epoch++)
        {
            before = model.Limit;
            model.Run(1);
        }

        Assert.True(model.Limit < before * .9, $"no probe: {before} to {model.Limit}");
        model.Fault = epoch => epoch with { PushBacks = epoch.Good };
        model.Run(1);
        Assert.Equal((before, LimitReason.PushBack), (model.Limit, model.Reason));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Streams_HoldPermits_AndAreNoQueue(int seed)
    {
        var model = Settled(seed);
        model.Streams = 25;
        Assert.InRange(model.Run(100)[50..].Average(), 98, 115);
    }

    [Theory]
    [InlineData(.83)]
    [InlineData(1.4)]
    public void Baseline_FarOff_IsCorrectedByWatchingASmallStep(double factor)
    {
        foreach (var seed in Enumerable.Range(1, 8))
        {
            var memory = Settled(seed).Memory;
            var model = new LawInAModel(seed, memory with { Baselines = [.. memory.Baselines.Select(time => time * factor)] });
            model.Run(200);
            Assert.InRange(model.Run(50).Average(), 98, 125);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Probe_BelowAProvenLimit_GoesUp(int seed)
    {
        var memory = Settled(seed).Memory;
        var model = new LawInAModel(seed, memory with { Limit = 54, Baselines = [.. memory.Baselines.Select(time => time * .92)] });
        var before = 0.0;
        for (var epoch = 0; epoch < 60 && model.Reason != LimitReason.Probe && model.Limit < 90; epoch++)
        {
            before = model.Limit;
            model.Run(1);
        }

        Assert.True(model.Limit > 90 || model.Limit > before * 1.1, $"{before} to {model.Limit} ({model.Reason})");
        Assert.InRange(model.Run(30)[20..].Average(), 98, 122);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Proven_ByMistake_IsForgotten_WhereMoreCallsBringLess(int seed)
    {
        var model = new LawInAModel(seed, Settled(seed).Memory with { GoodLimit = 250 }) { Strain = 1, Load = 3 };
        model.Run(100);
        Assert.InRange(model.Run(300).Max(), 100, 125);
        Assert.InRange(model.Memory.GoodLimit, 90, 125);
    }

    [Fact]
    public void ColdStart_DecidesOnFewerCalls()
    {
        var law = LimitLaws.Create("adaptive");
        var bounds = new LimitBounds(1, 1000, 20);
        var cold = law.Next(law.Start(bounds, remembered: null), Epochs.Of(50, inFlight: 20), bounds);
        Assert.Equal((LimitReason.Grow, 150), (cold.Reason, cold.Plan.Samples));
        Assert.True(law.Next(law.Start(bounds, Known(20)), Epochs.Of(50, inFlight: 20), bounds).Plan.Samples >= 200);
    }

    [Fact]
    public void Memory_OfAnEarlierProcess_IsWhereTheNextOneBegins()
    {
        var memory = Settled(1).Memory;
        var model = new LawInAModel(2, memory);
        Assert.Equal((memory.Limit, LimitReason.Remembered), (model.Limit, model.Reason));
        model.Slots = 30;
        model.Run(1);
        Assert.Equal(LimitReason.Queueing, model.Reason);
    }

    [Fact]
    public void Bounds_AreKept_WhateverHappens()
    {
        var model = new LawInAModel(1) { Slots = 1_000_000, Load = 1_000_000 };
        Assert.Equal(model.Bounds.Ceiling, model.Run(40).Max());
        (model.Slots, model.Classes) = (1, [(.005, 1)]);
        model.Fault = PushedBackAbove(1);
        Assert.Equal(model.Bounds.Floor, model.Run(100).Min());
    }

    private static LimitMemory Known(double limit) => new(limit, GoodLimit: 100, [.. Enumerable.Repeat(50_000.0, MethodClasses.Count)]);

    private static LawInAModel Settled(int seed)
    {
        var model = new LawInAModel(seed);
        model.Run(60);
        return model;
    }

    private static Func<EpochSample, EpochSample> Errors(int seed)
    {
        var random = new Random(seed);
        return epoch => random.Next(3) switch
        {
            0 => epoch with { PushBacks = epoch.Good / 3 },
            1 => epoch with { Timeouts = epoch.Good / 3, TimeoutSeconds = epoch.Good / 3 },
            _ => epoch with { Failures = epoch.Good / 3 },
        };
    }

    private static Func<EpochSample, EpochSample> PushedBackAbove(int calls) => epoch => epoch.InFlight <= calls
        ? epoch
        : epoch with { Good = (long)(epoch.Good * calls / epoch.InFlight), GoodRate = epoch.GoodRate * calls / epoch.InFlight, PushBacks = 500 };
}
