namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>From the queued share u to the next limit while the limit is used up. Pure.</summary>
internal static class Steering
{
    // A queue of this share keeps all slots busy through the gaps between calls: the fixed point is slots / (1 - h).
    private const double LeastAim = .08;
    private const double Gain = .3;

    private const double CutAbove = .18;
    private const double CutNoise = 4;
    private const double DeepestCut = .5;

    // More calls in flight than are dealt for any limit are left from a larger one.
    private const double MostOvercommit = 1.25;

    private const double ColdGrowth = 1.4;
    private const double CautiousGrowth = 1.25;

    /// <summary>The first step towards a proven limit.</summary>
    public const double FirstRecoverGrowth = 1.35;

    private const double RecoverGrowth = 2;
    private const double StreakGrowth = .03;
    private const double FastestGrowth = 1.25;

    /// <summary>The queued share to aim at: with few slots, one call.</summary>
    public static double Aim(double limit) => Math.Max(LeastAim, 1 / Math.Max(1, limit));

    /// <summary>True when the queue is far above the aim and above noise.</summary>
    public static bool MustCut(in QueueEstimate queue, double limit) => queue.Share > Math.Max(CutAbove, Aim(limit) + (CutNoise * queue.ShareNoise));

    /// <summary>
    /// Deadbeat: by Little's law calls x (1 - u) is what the upstream serves without queueing; at most half is taken away at once. The calls may still be
    /// those of a larger limit, unless none is enforced.
    /// </summary>
    public static double Cut(in QueueEstimate queue, double limit, EpochSample epoch)
    {
        var calls = epoch.IsEnforced && epoch.InFlight > MostOvercommit * limit ? epoch.InFlight : limit;
        return Math.Min(limit, calls * Math.Max(DeepestCut, (1 - queue.Share) * (1 + Aim(limit))));
    }

    /// <summary>True when nothing seems to queue.</summary>
    public static bool IsQuiet(in QueueEstimate queue, double limit) => queue.Share < Aim(limit) / 2;

    /// <summary>A step of the way to the aim.</summary>
    public static double Steer(in QueueEstimate queue, double limit) => limit * (1 + Math.Clamp(Gain * (Aim(limit) - queue.Share), -.1, Gain * Aim(limit)));

    /// <summary>Growth after quiet epochs: fast when cold or below a proven limit, otherwise the faster the more of them in a row.</summary>
    public static double Grow(in QueueEstimate queue, double limit, AdaptiveState state)
    {
        var isCertain = queue.Share + queue.ShareNoise < Aim(limit) / 2;
        if (state.IsCold) return limit * (isCertain ? ColdGrowth : CautiousGrowth);
        if (!IsBelowProven(limit, state.GoodLimit)) return limit * Math.Min(FastestGrowth, 1 + (StreakGrowth * state.Streak));
        if (state.IsClimbing) return Math.Min(state.GoodLimit, limit * RecoverGrowth);
        return isCertain || state.Streak >= 2 ? Math.Min(state.GoodLimit, limit * FirstRecoverGrowth) : limit * (1 + StreakGrowth);
    }

    /// <summary>True when a limit clearly above this one was good before.</summary>
    public static bool IsBelowProven(double limit, double goodLimit) => limit < .9 * goodLimit;
}
