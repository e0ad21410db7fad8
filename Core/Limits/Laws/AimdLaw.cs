namespace OrleansPool.Core.Limits.Laws;

/// <summary>
/// Additive increase, multiplicative decrease (Chiu and Jain 1989), with the constants of Netflix concurrency-limits, AIMDLimit: a drop, or a mean
/// response time above 5 s, takes a tenth; otherwise one more permit while at least half are used.
/// </summary>
public sealed class AimdLaw : ILimitLaw
{
    private const double Backoff = .9;
    private const double SlowestSeconds = 5;

    /// <inheritdoc />
    public string Name => "aimd";

    /// <inheritdoc />
    public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered) => PublishedLaw.Start(this, bounds, remembered);

    /// <inheritdoc />
    public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds)
    {
        if (PublishedLaw.IsTooFew(epoch)) return last with { Reason = LimitReason.TooFewSamples };
        if (epoch.Dropped() > 0) return last.At(last.Limit * Backoff, PublishedLaw.ReasonOfDrops(epoch), bounds);
        if (epoch.MeanSeconds() > SlowestSeconds) return last.At(last.Limit * Backoff, LimitReason.Overdue, bounds);
        return epoch.PeakInFlight * 2 >= last.Limit ? last.At(last.Limit + 1, LimitReason.Grow, bounds) : last with { Reason = LimitReason.NotBound };
    }

    /// <inheritdoc />
    public LimitMemory Remember(LimitDecision last) => PublishedLaw.Remember(last);
}
