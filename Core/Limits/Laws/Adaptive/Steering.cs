namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>What the queued share u says, and the way to the share aimed at while the limit is used up. Pure.</summary>
internal static class Steering
{
    /// <summary>A queue of this share keeps all slots busy through the gaps between calls: the fixed point is slots / (1 - h).</summary>
    public const double LeastAim = .08;
    private const double Gain = .3;

    private const double CutAbove = .18;
    private const double CutNoise = 4;
    private const double DeepestCut = .5;

    // Decisions on few calls: with 150 of them and nothing queued, one in a thousand shows that much.
    private const double CertainNoise = 3;

    /// <summary>The queued share to aim at: with few slots, one call.</summary>
    public static double Aim(double limit) => Math.Max(LeastAim, 1 / Math.Max(1, limit));

    /// <summary>True when the queue is far above the aim and above noise.</summary>
    public static bool MustCut(in QueueEstimate queue, double limit) => queue.Share > Math.Max(CutAbove, Aim(limit) + (CutNoise * queue.ShareNoise));

    /// <summary>
    /// Deadbeat: by Little's law calls x (1 - u) is what the upstream serves without queueing; at most half is taken away at once. There are more calls than
    /// the limit where idle permits were dealt twice, or some are left from a larger limit; when none is enforced they do not tell.
    /// </summary>
    public static double Cut(in QueueEstimate queue, double limit, EpochSample epoch)
    {
        var calls = epoch.IsEnforced ? Math.Max(limit, epoch.InFlight) : limit;
        return Math.Min(limit, calls * Math.Max(DeepestCut, (1 - queue.Share) * (1 + Aim(limit))));
    }

    /// <summary>True when nothing seems to queue.</summary>
    public static bool IsQuiet(in QueueEstimate queue, double limit) => queue.Share < Aim(limit) / 2;

    /// <summary>True when calls queue beyond doubt.</summary>
    public static bool IsCertain(in QueueEstimate queue, double limit) => queue.Share - (CertainNoise * queue.ShareNoise) > Aim(limit) / 2;

    /// <summary>True when the limit may grow: nothing seems to queue; while nobody knows yet what the upstream takes, no more than is aimed at.</summary>
    public static bool HasRoom(in QueueEstimate queue, double limit, bool isCold) => isCold ? queue.Share <= Aim(limit) : IsQuiet(queue, limit);

    /// <summary>A step of the way to the aim.</summary>
    public static double Steer(in QueueEstimate queue, double limit) => limit * (1 + Math.Clamp(Gain * (Aim(limit) - queue.Share), -.1, Gain * Aim(limit)));

    /// <summary>True when a limit clearly above this one was good before.</summary>
    public static bool IsBelowProven(double limit, double goodLimit) => limit < .9 * goodLimit;
}
