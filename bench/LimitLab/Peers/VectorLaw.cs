using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>
/// Vector's adaptive request concurrency (controller.rs): once in each response time, one more when the limit was reached, nothing was pushed back and the
/// response time is not above its exponential mean; a tenth less on push-back, or above the mean plus 2.5 deviations. Starts at 1, at most 200.
/// </summary>
internal sealed class VectorLaw(int copy) : PeerLaw<VectorLaw.Memory>("vector", copy, 1, 1, 200)
{
    private const double Weight = 0.4;
    private const double Deviations = 2.5;
    private const double Backoff = 0.9;
    private static readonly TimeSpan _firstWindow = TimeSpan.FromSeconds(1);

    protected override Memory First => new(0, 0);

    protected override EpochPlan FirstPlan => new(_firstWindow, 1);

    protected override LimitDecision Decide(LimitDecision last, Memory state, EpochSample epoch)
    {
        var times = ResponseTimes(epoch);
        var isPushedBack = epoch.PushBacks + epoch.Timeouts > 0;
        if (times.Count == 0) return isPushedBack ? last with { Limit = last.Limit * Backoff, Reason = LimitReason.PushBack } : last with { Reason = LimitReason.TooFewSamples };
        var time = times.Mean.TotalSeconds;
        var next = state.Add(time);
        last = last with { State = next, Plan = new EpochPlan(TimeSpan.FromSeconds(next.Mean), 1), Baseline = TimeSpan.FromSeconds(next.Mean) };
        if (isPushedBack) return last with { Limit = last.Limit * Backoff, Reason = LimitReason.PushBack };
        if (state.Mean > 0 && time >= state.Mean + (Deviations * Math.Sqrt(state.Variance))) return last with { Limit = last.Limit * Backoff, Reason = LimitReason.Queueing };
        var wasReached = epoch.PeakInFlight >= Math.Floor(last.Limit);
        return wasReached && time <= next.Mean ? last with { Limit = Math.Floor(last.Limit) + 1, Reason = LimitReason.Grow } : last with { Reason = LimitReason.Hold };
    }

    internal sealed record Memory(double Mean, double Variance)
    {
        public Memory Add(double time)
        {
            if (Mean == 0) return new Memory(time, 0);
            var error = time - Mean;
            return new Memory(Mean + (Weight * error), (1 - Weight) * (Variance + (Weight * error * error)));
        }
    }
}
