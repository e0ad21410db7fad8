namespace OrleansPool.Core.Limits.Laws;

/// <summary>
/// VegasLimit of Netflix concurrency-limits, after TCP Vegas (Brakmo and Peterson 1995): the queue is estimated as limit x (1 - least response time /
/// response time) and kept between 3 and 6 times the limit's decimal logarithm. The least response time is replaced by the present one every 15 to 30 windows per permit, also
/// under load: for comparison, and for those who know it.
/// </summary>
public sealed class VegasLaw : ILimitLaw
{
    private const int ProbeMultiplier = 30;

    /// <inheritdoc />
    public string Name => "vegas";

    /// <inheritdoc />
    public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered) => PublishedLaw.Start(new LeastTime(0, 0, 0), bounds, remembered);

    /// <inheritdoc />
    public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds)
    {
        var time = epoch.MeanSeconds();
        if (PublishedLaw.IsTooFew(epoch) || time <= 0) return last with { Reason = LimitReason.TooFewSamples };

        var least = ((LeastTime)last.State).CountWindow();
        if (least.IsToBeProbedAt(last.Limit)) return Adopt(last, least.ProbedAs(time));
        if (least.Seconds == 0 || time < least.Seconds) return Adopt(last, least with { Seconds = time });

        last = last with { State = least };
        return epoch.Dropped() == 0 && epoch.PeakInFlight * 2 < last.Limit
            ? last with { Reason = LimitReason.NotBound }
            : Step(last, epoch, Math.Ceiling(last.Limit * (1 - (least.Seconds / time))), bounds);
    }

    /// <inheritdoc />
    public LimitMemory Remember(LimitDecision last) => PublishedLaw.Remember(last);

    private static LimitDecision Step(LimitDecision last, EpochSample epoch, double queue, in LimitBounds bounds)
    {
        var step = Math.Max(1, (int)Math.Log10(last.Limit));
        var (alpha, beta) = (3 * step, 6 * step);
        if (epoch.Dropped() > 0) return last.At(last.Limit - step, PublishedLaw.ReasonOfDrops(epoch), bounds);
        if (queue <= step) return last.At(last.Limit + beta, LimitReason.Grow, bounds);
        if (queue < alpha) return last.At(last.Limit + step, LimitReason.Grow, bounds);
        return queue > beta ? last.At(last.Limit - step, LimitReason.Queueing, bounds) : last with { Reason = LimitReason.Hold };
    }

    private static LimitDecision Adopt(LimitDecision last, LeastTime least) =>
        last with { State = least, Baseline = TimeSpan.FromSeconds(least.Seconds), Reason = LimitReason.NewBaseline };

    private sealed record LeastTime(double Seconds, int Windows, int Probes)
    {
        // Published: a random share of 0.5 to 1. A law has no randomness of its own; the fractions of multiples of the golden ratio spread as evenly.
        private double Jitter => .5 + (.5 * (Probes * .6180339887 % 1));

        public LeastTime CountWindow() => this with { Windows = Windows + 1 };

        public bool IsToBeProbedAt(double limit) => Windows >= Jitter * ProbeMultiplier * limit;

        public LeastTime ProbedAs(double seconds) => new(seconds, 0, Probes + 1);
    }
}
