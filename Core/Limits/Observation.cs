using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Limits;

/// <summary>
/// How a law works while its limit is not enforced. Nothing holds calls back, so permits are never used up at any holder, and the law may grow only where
/// they would have been; nor does a cut bring the relief after which it would end. Pure.
/// </summary>
internal static class Observation
{
    // The logistic curve with this slope is within .01 of the normal distribution's.
    private const double Slope = 1.702;

    /// <summary>The epoch as it would have been told, had there been so many permits as its limit says: they were used up while that many calls were in flight.</summary>
    public static EpochSample AsIfEnforced(EpochSample epoch) => epoch with { IsEnforced = false, Permits = (long)Math.Ceiling(Math.Max(epoch.Limit, epoch.InFlight)), BoundShare = ShareAt(epoch) };

    /// <summary>
    /// The law's decision, but no cut below what the upstream served: by Little's law as many calls as ended well in the time that one takes without queueing.
    /// </summary>
    public static LimitDecision Unheeded(LimitDecision last, LimitDecision next, EpochSample epoch)
    {
        var served = epoch.GoodRate * (next.Baseline > TimeSpan.Zero ? next.Baseline.TotalSeconds : epoch.MeanSeconds());
        return next with { Limit = Math.Max(next.Limit, Math.Min(last.Limit, served)) };
    }

    // The calls in flight at all holders together are known by their mean only. Calls that come independently of each other make them scatter by the root of
    // it; above the sum of the holders' peaks they never were.
    private static double ShareAt(EpochSample epoch) =>
        epoch.PeakInFlight < epoch.Limit ? 0 : 1 / (1 + Math.Exp(-Slope * (epoch.InFlight - epoch.Limit) / Math.Sqrt(Math.Max(1, epoch.InFlight))));
}
