using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits;

/// <summary>
/// Deals the permits of this holder's share, one per call in flight, and measures what becomes of them. What decides the number is another type.
/// Lowering the limit cuts nothing in flight: no more permits are dealt until enough have come back. Not thread-safe: in a pool its lock guards it.
/// </summary>
public sealed class ShareLimiter
{
    /// <summary>A limiter with <paramref name="permits"/> permits, 0 or more.</summary>
    /// <param name="permits">Permits to begin with.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public ShareLimiter(int permits, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        Meter = new LoadMeter(permits, now);
    }

    /// <summary>What the holder sees of its upstream.</summary>
    public LoadMeter Meter { get; }

    /// <summary>Permits in all.</summary>
    public int Limit => Meter.Permits;

    /// <summary>Permits dealt and not yet settled; above <see cref="Limit"/> for a while after it fell.</summary>
    public int InFlight => Meter.InFlight;

    /// <summary>Permits that can be dealt now.</summary>
    public int Free => Math.Max(0, Limit - InFlight);

    /// <summary>Changes the number of permits, 0 or more. After a rise the caller serves whoever waits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public void SetLimit(int permits, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        if (permits != Limit) Meter.SetPermits(permits, now);
    }

    /// <summary>Takes a permit if one is free.</summary>
    public bool TryAcquire(TimeSpan now)
    {
        if (InFlight >= Limit) return false;
        Meter.Acquired(now);
        return true;
    }

    /// <summary>Gives back the permit that was taken at <paramref name="since"/>, with what the call taught. Exactly once per permit.</summary>
    public void Settle(in CallOutcome outcome, TimeSpan since, TimeSpan now) => Meter.Settled(outcome, since, now);
}
