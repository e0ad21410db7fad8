using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>
/// failsafe-go's adaptive limiter (adaptivelimiter.go): Vegas on the 90th percentile, as the median of 5 windows smoothed over 5, against a baseline smoothed
/// over 10; while calls in flight are many it also goes down when they correlate with less throughput, or with longer response times and no more
/// throughput. Never above 5 times the most calls in flight. Throughput is calls in flight over response time, as published, not counted completions.
/// </summary>
internal sealed class FailsafeLaw(int copy) : PeerLaw<FailsafeLaw.Memory>("failsafe", copy, 20, 1, 200)
{
    private const double Percentile = 0.9;
    private const double MostOverInFlight = 5;
    private const double RecentWeight = 2.0 / (5 + 1);
    private const double BaselineWeight = 2.0 / (10 + 1);
    private const int MedianOf = 5;
    private static readonly EpochPlan _window = new(TimeSpan.FromSeconds(1), 50);

    protected override Memory First => new(0, 0, [], []);

    protected override EpochPlan FirstPlan => _window;

    protected override LimitDecision Decide(LimitDecision last, Memory state, EpochSample epoch)
    {
        var times = ResponseTimes(epoch);
        if (times.Count == 0) return last with { Reason = LimitReason.TooFewSamples };
        state = state.Add(times.Quantile(Percentile).TotalSeconds, epoch.InFlight);
        var plan = _window with { Shortest = TimeSpan.FromSeconds(Math.Max(1, 2 * state.Baseline)) };
        last = last with { State = state, Baseline = TimeSpan.FromSeconds(state.Baseline), Plan = plan };
        var step = Math.Max(1, Math.Log10(last.Limit));
        if (last.Limit > MostOverInFlight * Math.Max(1, epoch.PeakInFlight)) return last with { Limit = last.Limit - step, Reason = LimitReason.Unused };
        return Steer(last, state, step, isFull: epoch.BoundShare > 0.5);
    }

    private static LimitDecision Steer(LimitDecision last, Memory state, double step, bool isFull)
    {
        var queue = Math.Ceiling(last.Limit * (1 - (state.Baseline / state.Recent)));
        if (queue > 6 * step) return last with { Limit = last.Limit - step, Reason = LimitReason.Queueing };
        if (isFull && WindowCorrelation.IsOverloaded(state.Windows)) return last with { Limit = last.Limit - step, Reason = LimitReason.NegativeElasticity };
        return queue < 3 * step ? last with { Limit = last.Limit + step, Reason = LimitReason.Grow } : last with { Reason = LimitReason.Hold };
    }

    internal sealed record Memory(double Recent, double Baseline, IReadOnlyList<double> Percentiles, IReadOnlyList<(double InFlight, double Time)> Windows)
    {
        public Memory Add(double percentile, double inFlight)
        {
            double[] percentiles = [.. Percentiles.TakeLast(MedianOf - 1), percentile];
            var median = percentiles.Order().ElementAt(percentiles.Length / 2);
            var recent = Recent == 0 ? median : Recent + (RecentWeight * (median - Recent));
            var baseline = Baseline == 0 ? recent : Baseline + (BaselineWeight * (recent - Baseline));
            return new Memory(recent, baseline, percentiles, [.. Windows.TakeLast(WindowCorrelation.Kept - 1), (inFlight, recent)]);
        }
    }
}
