namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>
/// A change of the limit that is watched for what it does to response time. Calls that queue behind our own are fewer with a lower limit; a service that
/// has become slower stays slow. So the difference of two epochs tells a queue without any baseline, and is what corrects a baseline that is wrong.
/// </summary>
/// <param name="Kind">Why the limit was changed.</param>
/// <param name="InFlight">Calls in flight before.</param>
/// <param name="Before">The queue estimate before.</param>
/// <param name="Origin">The limit to go back to.</param>
/// <param name="Baselines">Those that <paramref name="Before"/> was compared with.</param>
internal sealed record StepTest(StepKind Kind, double InFlight, QueueEstimate Before, double Origin, Baselines Baselines)
{
    /// <summary>A change of the calls in flight below this share changes too little to be told from noise.</summary>
    public const double SmallestStep = .06;

    // The verdict's own standard error must be below this, or it says nothing.
    private const double MostNoise = .3;

    private bool IsRise => Kind is StepKind.Growth or StepKind.Verify;

    /// <summary>
    /// How much of the change that queueing would have made was seen: 1 where every call above the slots queued before and after, 0 where none did; below
    /// zero when response time went the other way, because something else happened. Null when it cannot be told.
    /// </summary>
    public double? Response(EpochSample epoch)
    {
        if (Baselines.Estimate(epoch) is not { } after) return null;
        var step = 1 - (Math.Min(epoch.InFlight, InFlight) / Math.Max(epoch.InFlight, InFlight));
        if (step < SmallestStep || IsRise != epoch.InFlight > InFlight) return null;

        // By Little's law the response time of a full upstream is the calls in flight over its throughput: it changes by the same share as they do.
        var (high, low) = epoch.InFlight > InFlight ? (after, Before) : (Before, after);
        var whole = high.Mean * step;
        return Math.Sqrt((high.Noise * high.Noise) + (low.Noise * low.Noise)) > MostNoise * whole ? null : (high.Queue - low.Queue) / whole;
    }
}
