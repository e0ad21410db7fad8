namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>What needs no baseline: signs that the upstream is over its head, whatever its response times were. Pure.</summary>
internal static class Brakes
{
    // Below so many, drops are accidents.
    private const int FewestDrops = 3;
    private const double LeastPushBack = .01;
    private const double TimeoutShare = .05;

    // Mean response times that a call must have been given before its timeout counts.
    private const double Patience = 3;

    // Where most time out, the mean of those that were answered is no measure; unqueued, one in twenty takes twice the mean (lognormal times).
    private const double PatienceWithMost = 2;

    /// <summary>An upstream that answers nothing teaches nothing: this share of the proven limit is enough to see it come back, and near enough to it to be there soon.</summary>
    public const double HangingFloor = .25;

    private const double HangingShare = .5;
    private const double HangingCut = .7;

    // Calls older than this many mean response times may hang.
    private const double OldAge = 10;

    /// <summary>Share of the finished calls that broke.</summary>
    public static double FailureShare(EpochSample epoch) => epoch.Failures / (double)Math.Max(1, epoch.Good + epoch.Dropped());

    /// <summary>Share of the finished calls that the upstream pushed back; 0 when there are too few to mean it.</summary>
    public static double PushBackShare(EpochSample epoch)
    {
        var share = epoch.PushBacks / (double)Math.Max(1, epoch.Good + epoch.Dropped());
        return epoch.PushBacks < FewestDrops || share < LeastPushBack ? 0 : share;
    }

    /// <summary>Calls in flight that were served, by Little's law, streams included.</summary>
    public static double Served(EpochSample epoch) => (epoch.GoodRate * epoch.MeanSeconds()) + epoch.Streams;

    /// <summary>The limit after a push-back: the part of the calls in flight that was served is what the upstream takes; when that is nearly all of them, a little less than before.</summary>
    public static double PushBack(EpochSample epoch, double limit)
    {
        var takes = epoch.InFlight > 0 ? Math.Min(1, Served(epoch) / epoch.InFlight) : 1;
        return limit * Math.Clamp(takes * 1.02, .5, .98);
    }

    /// <summary>Most calls hang, or time out and none are answered in good time.</summary>
    public static double? Overdue(EpochSample epoch, LimitDecision last, double goodLimit, bool isQueueing, in LimitBounds bounds)
    {
        var isSlow = bounds.SlowestHealthy > TimeSpan.Zero && epoch.Good >= FewestDrops && epoch.AllResponseTimes().Quantile(.9) > bounds.SlowestHealthy;
        if (!IsTimingOut(epoch, last.Baseline) && !isSlow && !IsHanging(epoch)) return null;
        var answers = epoch.Good > epoch.Timeouts && !isSlow;
        if (answers && isQueueing) return null;
        return answers ? last.Limit : Math.Min(last.Limit, Math.Max(last.Limit * HangingCut, goodLimit * HangingFloor));
    }

    // A timeout tells of the upstream only if that had the call for long; one that came out of the pool's queue with hardly any time left tells nothing.
    private static bool IsTimingOut(EpochSample epoch, TimeSpan unqueued)
    {
        if (epoch.Timeouts < FewestDrops || epoch.Timeouts <= TimeoutShare * (epoch.Good + epoch.Dropped())) return false;
        var given = epoch.TimeoutSeconds / epoch.Timeouts;
        return given > Patience * epoch.MeanSeconds() || (epoch.Timeouts > epoch.Good && given > PatienceWithMost * unqueued.TotalSeconds);
    }

    // Little's law: what is in flight and not explained by what was answered hangs.
    private static bool IsHanging(EpochSample epoch)
    {
        var calls = epoch.InFlight - epoch.Streams;
        var mean = epoch.MeanSeconds();
        var explained = epoch.GoodRate * mean;
        return calls >= 1 && explained < calls * HangingShare && epoch.OldestOpen > TimeSpan.FromSeconds(Math.Max(1, OldAge * mean));
    }
}
