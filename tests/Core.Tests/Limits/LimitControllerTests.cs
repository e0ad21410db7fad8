using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits;

/// <summary>Samples of several holders become epochs.</summary>
public class LimitControllerTests
{
    private static readonly LimitBounds _bounds = new(1, 1000, 20);
    private readonly ScriptedLaw _law = new();

    [Fact]
    public void Epoch_OfSpansThatDiffer_AddsRatesEachByItsOwnSpan()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", Sample(1000, good: 100, inFlight: 5, permits: 10, bound: 1), At(1000));
        controller.Report("b", Sample(500, good: 100, inFlight: 3, permits: 30, bound: .2), At(1000));
        Assert.False(controller.Advance(At(1000)));
        var epoch = Assert.Single(_law.Epochs);
        Assert.Equal((200L, 300.0, 8.0), (epoch.Good, epoch.GoodRate, epoch.InFlight));
        Assert.Equal(.4, epoch.BoundShare, 9);
        Assert.Equal((At(1000), At(1000), 20.0), (epoch.Span, epoch.At, epoch.Limit));
        Assert.Same(epoch, controller.LastEpoch);
    }

    [Fact]
    public void Epoch_WithTooLittle_GoesOnUntilSpanAndSamplesAreThere()
    {
        _law.Plan = new EpochPlan(At(500), 100);
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", Sample(250, good: 300), At(250));
        controller.Advance(At(250));
        Assert.Empty(_law.Epochs);
        controller.Report("a", Sample(250, good: 300), At(500));
        controller.Advance(At(500));
        Assert.Equal(600, Assert.Single(_law.Epochs).Good);

        controller.Report("a", Sample(900, good: 99), At(1400));
        controller.Advance(At(1400));
        Assert.Single(_law.Epochs);
        controller.Report("a", Sample(900, good: 1), At(2300));
        controller.Advance(At(2300));
        Assert.Equal((2, 100L, At(1800)), (_law.Epochs.Count, _law.Epochs[1].Good, _law.Epochs[1].Span));
    }

    [Fact]
    public void Epoch_OfLowTraffic_EndsAfterFiveSeconds()
    {
        _law.Plan = new EpochPlan(At(500), 100);
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        for (var second = 1; second <= 5; second++)
        {
            Assert.Empty(_law.Epochs);
            controller.Report("a", Sample(1000, good: 2), At(second * 1000));
            controller.Advance(At(second * 1000));
        }

        Assert.Equal(10, Assert.Single(_law.Epochs).Good);
    }

    [Fact]
    public void Epoch_WaitsForABusyHolder_ButNotForAnIdleOne()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        ReportAll(controller, 1000, ("busy", 50), ("busier", 60), ("idle", 1));
        controller.Advance(At(1000));
        controller.Report("busier", Sample(500, good: 200, inFlight: 60), At(1500));
        controller.Advance(At(1500));
        Assert.Single(_law.Epochs);
        controller.Report("busy", Sample(520, good: 200, inFlight: 50), At(1520));
        controller.Advance(At(1520));
        Assert.Equal(2, _law.Epochs.Count);
        Assert.Equal(111, _law.Epochs[1].InFlight, 9);
    }

    [Fact]
    public void Epoch_WaitsForAHolderThatJustGotCalls()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        ReportAll(controller, 1000, ("old", 50), ("new", 0));
        _law.Plan = new EpochPlan(At(500), 0, Settle: At(100));
        Assert.True(AdvanceTo(controller, 100, 1000));
        Assert.True(controller.IsWatching);

        // The first reports after the step teach nothing, but tell who has calls now.
        controller.Report("old", Sample(500, good: 200, inFlight: 50), At(1500));
        controller.Report("new", Sample(500, good: 200, inFlight: 50), At(1500));
        controller.Report("old", Sample(500, good: 200, inFlight: 50), At(2100));
        controller.Advance(At(2100));
        Assert.Single(_law.Epochs);
        controller.Report("new", Sample(500, good: 200, inFlight: 50), At(2200));
        controller.Advance(At(2200));
        Assert.Equal(100, _law.Epochs[1].InFlight, 9);
    }

    [Fact]
    public void Holder_ThatFellSilent_IsNotWaitedForAndCountsNoMore()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        ReportAll(controller, 500, ("gone", 50), ("here", 50));
        controller.Advance(At(500));
        foreach (var at in (int[])[1000, 1500])
        {
            controller.Report("here", Sample(500, good: 200, inFlight: 50), At(at));
            controller.Advance(At(at));
        }

        Assert.Single(_law.Epochs);
        controller.Report("here", Sample(510, good: 200, inFlight: 50), At(2010));
        controller.Advance(At(2010));
        Assert.Equal(50, _law.Epochs[1].InFlight, 9);
    }

    [Fact]
    public void Holder_OnASlowWay_IsWaitedForSixRoundTrips()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("far", Sample(500, good: 200, inFlight: 50, roundTrip: 600), At(500));
        controller.Report("near", Sample(500, good: 200, inFlight: 50), At(500));
        controller.Advance(At(500));
        controller.Report("near", Sample(3500, good: 200, inFlight: 50), At(4000));
        controller.Advance(At(4000));
        Assert.Single(_law.Epochs);
        controller.Report("near", Sample(200, good: 200, inFlight: 50), At(4200));
        controller.Advance(At(4200));
        Assert.Equal(50, _law.Epochs[1].InFlight, 9);
    }

    [Fact]
    public void Holder_Forgotten_IsNotWaitedFor()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        ReportAll(controller, 500, ("gone", 50), ("here", 50));
        controller.Advance(At(500));
        controller.Forget("gone");
        controller.Report("here", Sample(500, good: 200, inFlight: 50), At(1000));
        controller.Advance(At(1000));
        Assert.Equal(50, _law.Epochs[1].InFlight, 9);
    }

    [Fact]
    public void Settling_PassesOverWhatWasSeenBeforeTheHolderHadTheLimit()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        _law.Plan = new EpochPlan(At(500), 0, Settle: At(100));
        controller.Report("a", Sample(500, good: 1), At(500));
        Assert.True(AdvanceTo(controller, 30, 500));

        // The reply to this one takes the new limit there; the next began 40 ms too early: 100 ms to settle and 40 ms of way.
        controller.Report("a", Sample(250, good: 1000, roundTrip: 40), At(750));
        controller.Report("a", Sample(250, good: 1000, roundTrip: 40), At(1000));
        controller.Report("a", Sample(600, good: 7, roundTrip: 40), At(1600));
        controller.Advance(At(1600));
        Assert.Equal((7L, 30.0), (_law.Epochs[1].Good, _law.Epochs[1].Limit));
    }

    [Fact]
    public void Settling_AtTheStart_PassesOverAHoldersFirstCalls()
    {
        _law.Plan = new EpochPlan(At(500), 0, Settle: At(100));
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", Sample(500, good: 1000), At(500));
        controller.Report("a", Sample(600, good: 7), At(1200));
        controller.Advance(At(1200));
        Assert.Equal(7, Assert.Single(_law.Epochs).Good);
    }

    [Fact]
    public void Sample_WithoutASpan_IsPassedOver()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", new LoadSample(), At(500));
        Assert.False(controller.Advance(At(6000)));
        Assert.Empty(_law.Epochs);
    }

    [Fact]
    public void Changes_KeepTheLastHundred_EachWithReasonAndNumbers()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        for (var epoch = 1; epoch <= 102; epoch++)
        {
            controller.Report("a", Sample(500, good: epoch), At(epoch * 500));
            AdvanceTo(controller, 100 + epoch, epoch * 500);
        }

        var changes = controller.Changes.ToList();
        Assert.Equal((100, 102, 103), (changes.Count, changes[0].From, changes[0].To));
        var last = changes[^1];
        Assert.Equal((At(51000), 201, 202, LimitReason.Grow, 102L, TimeSpan.FromMilliseconds(3)), (last.At, last.From, last.To, last.Reason, last.Epoch!.Good, last.Baseline));
    }

    [Fact]
    public void Advance_WithTheSameWholeLimit_IsNoChange_YetTellsTheReason()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", Sample(500, good: 1), At(500));
        Assert.False(AdvanceTo(controller, 20.3, 500));
        Assert.Empty(controller.Changes);
        Assert.Equal((20, LimitReason.Grow), (controller.Limit, controller.Reason));
    }

    [Fact]
    public void Limit_OfALawThatStrays_StaysWithinBounds()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", Sample(500, good: 1), At(500));
        AdvanceTo(controller, 5000, 500);
        Assert.Equal(1000, controller.Limit);
        controller.Report("a", Sample(500, good: 1), At(1000));
        AdvanceTo(controller, 0, 1000);
        Assert.Equal(1, controller.Limit);
    }

    [Fact]
    public void Change_OfTheLaw_BeginsAtThePresentLimit_WithWhatIsRemembered()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Report("a", Sample(500, good: 1), At(500));
        AdvanceTo(controller, 37, 500);
        var next = new ScriptedLaw();
        controller.Change(next, _bounds, LimitMode.Enforce, At(600));
        Assert.Equal((37, LimitReason.Remembered), (controller.Limit, controller.Reason));
        Assert.Equal(new LimitMemory(37, 37, []).GoodLimit, next.Remembered!.GoodLimit);
        Assert.Single(controller.Changes);
    }

    [Fact]
    public void Change_OfTheBounds_ClampsTheLimit_AndKeepsTheLawsState()
    {
        var controller = new LimitController(_law, _bounds, TimeSpan.Zero);
        controller.Change(_law, new LimitBounds(1, 12, 5), LimitMode.Enforce, At(100));
        Assert.Equal((12, LimitReason.Configured), (controller.Limit, controller.Reason));
        Assert.Equal(new LimitChange(At(100), 20, 12, LimitReason.Configured, Epoch: null, TimeSpan.Zero), Assert.Single(controller.Changes));
        controller.Change(_law, _bounds, LimitMode.Enforce, At(200));
        Assert.Equal((12, 1), (controller.Limit, controller.Changes.Count));
        Assert.Null(_law.Remembered);
    }

    private static TimeSpan At(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static LoadSample Sample(double span, long good, double inFlight = 1, int permits = 0, double bound = 0, double roundTrip = 0) => new()
    {
        Span = At(span),
        Good = good,
        InFlightSeconds = inFlight * span / 1000,
        Permits = permits,
        BoundSeconds = bound * span / 1000,
        RoundTrip = At(roundTrip),
    };

    private static void ReportAll(LimitController controller, double at, params (string Holder, double InFlight)[] holders)
    {
        foreach (var (holder, inFlight) in holders) controller.Report(holder, Sample(at, 200, inFlight), At(at));
    }

    private bool AdvanceTo(LimitController controller, double limit, double at)
    {
        _law.Limit = limit;
        return controller.Advance(At(at));
    }

    private sealed class ScriptedLaw : ILimitLaw
    {
        public List<EpochSample> Epochs { get; } = [];

        public double Limit { get; set; } = 20;

        public EpochPlan Plan { get; set; } = new(TimeSpan.FromMilliseconds(500), 0);

        public string Name => "scripted";

        public LimitMemory? Remembered { get; private set; }

        public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered)
        {
            Remembered = remembered;
            return new(remembered?.Limit ?? bounds.Initial, remembered is null ? LimitReason.Configured : LimitReason.Remembered, this, TimeSpan.Zero, Plan);
        }

        public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds)
        {
            Epochs.Add(epoch);
            return new LimitDecision(Limit, LimitReason.Grow, this, TimeSpan.FromMilliseconds(3), Plan);
        }

        public LimitMemory Remember(LimitDecision last) => new(last.Limit, last.Limit, []);
    }
}
