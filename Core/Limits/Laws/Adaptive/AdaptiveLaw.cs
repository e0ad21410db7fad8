namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>
/// The law of this project: it grows while the limit is used up and nothing queues at the upstream, cuts in one step to what the upstream can serve, and
/// corrects its idea of the unqueued response time by small steps of the limit whose effect it watches. docs/limits.md tells it in words and formulas.
/// </summary>
public sealed class AdaptiveLaw : ILimitLaw
{
    private const int SamplesToDecide = 200;

    private const int SamplesWhileCold = 150;

    // The first baseline rests on these alone.
    private const int SamplesToStart = 300;

    // A queue estimate's noise is 0.43 / sqrt(n) of the response time; a step s shows s of it, so this tells the two ends of a step apart at 4 standard errors.
    private const double SamplesPerStep = 2.5;

    private static readonly TimeSpan _peakHalfLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _goodHalfLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _settleAtStart = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _shortestEpoch = TimeSpan.FromMilliseconds(500);

    // After a step the answer is wanted soon, and a large step shows in few calls.
    private static readonly TimeSpan _shortestAfterStep = TimeSpan.FromMilliseconds(250);

    // Hanging calls are few and slow; the first answers after them should be noticed at once.
    private static readonly EpochPlan _whileOverdue = new(_shortestEpoch, AdaptiveStep.FewestSamples);

    /// <inheritdoc />
    public string Name => "adaptive";

    /// <inheritdoc />
    public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered)
    {
        var plan = new EpochPlan(_shortestAfterStep, SamplesToStart, _settleAtStart);
        return remembered is null
            ? new LimitDecision(bounds.Initial, LimitReason.Configured, new AdaptiveState { Baselines = Baselines.None }, TimeSpan.Zero, plan)
            : new LimitDecision(Math.Clamp(remembered.Limit, bounds.Floor, bounds.Ceiling), LimitReason.Remembered, Recalled(remembered), TimeSpan.Zero, plan);
    }

    /// <inheritdoc />
    public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds)
    {
        var state = Age((AdaptiveState)last.State, epoch);
        var move = new AdaptiveStep(last, state, epoch, bounds).Decide();
        var limit = Math.Clamp(move.Limit, bounds.Floor, bounds.Ceiling);
        return new LimitDecision(limit, move.Reason, move.State, move.State.Baselines.Mean(epoch) ?? last.Baseline, Plan());

        EpochPlan Plan() => move.Reason == LimitReason.Overdue ? _whileOverdue : PlanAfter(last.Limit, limit, epoch, move.State.IsCold);
    }

    /// <inheritdoc />
    public LimitMemory Remember(LimitDecision last)
    {
        var state = (AdaptiveState)last.State;
        return new LimitMemory(last.Limit, state.GoodLimit, state.Baselines.Times);
    }

    private static AdaptiveState Recalled(LimitMemory remembered) =>
        new() { Baselines = Baselines.From(remembered), GoodLimit = remembered.GoodLimit, IsCold = remembered.GoodLimit <= 0 };

    private static AdaptiveState Age(AdaptiveState state, EpochSample epoch)
    {
        var passed = epoch.At - state.At;
        return state with
        {
            At = epoch.At,
            GoodLimit = state.GoodLimit * Math.Pow(.5, passed / _goodHalfLife),
            Peak = Math.Max(epoch.PeakInFlight, state.Peak * Math.Pow(.5, passed / _peakHalfLife)),
        };
    }

    private static TimeSpan AtLeast(TimeSpan shortest, TimeSpan wanted) =>
        TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, shortest.Ticks, LimitController.LongestEpoch.Ticks));

    private static EpochPlan PlanAfter(double before, double after, EpochSample epoch, bool isCold)
    {
        var mean = TimeSpan.FromSeconds(epoch.MeanSeconds());
        var step = Math.Abs(after - before) / Math.Max(before, after);
        var samples = SamplesToDecideOn(after);
        if (step < StepTest.SmallestStep) return new EpochPlan(AtLeast(_shortestEpoch, 4 * mean), samples);
        if (isCold) return new EpochPlan(AtLeast(_shortestAfterStep, 4 * mean), SamplesWhileCold, mean * 1.5);
        return new EpochPlan(AtLeast(_shortestAfterStep, 4 * mean), Math.Max(samples, (int)Math.Pow(SamplesPerStep / step, 2)), mean * 1.5);
    }

    /// <summary>With few permits the queue aimed at is a larger part of all, and can be told from noise by fewer calls, of which there are few.</summary>
    private static int SamplesToDecideOn(double limit) =>
        Math.Max(AdaptiveStep.FewestSamples, (int)(SamplesToDecide * Math.Pow(Steering.LeastAim / Steering.Aim(limit), 2)));
}
