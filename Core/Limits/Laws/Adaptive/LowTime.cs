using System.Runtime.InteropServices;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>A low quantile of the response times of one class in one epoch.</summary>
/// <param name="Time">Microseconds.</param>
/// <param name="Spread">Standard error of a single sample's worth, in microseconds.</param>
/// <param name="Samples">Calls.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LowTime(double Time, double Spread, long Samples)
{
    private const double LowQuantile = .25;

    // Fewer calls of a class give no quantile worth having.
    private const int FewestSamples = 8;

    // A quantile's standard error is sqrt(p (1 - p) / n) over the density there. For lognormal times (sigma 0.5) that is 1.7 times the way from this quantile
    // to the median, over the root of n; for exponential ones 1.4 times.
    private const double ErrorPerWayToMedian = 1.7;

    // Stands for the width of the histogram's buckets, where all times are nearly the same.
    private const double BucketError = .01;

    /// <summary>Standard error of <see cref="Time"/>.</summary>
    public double Error => ErrorOf(Samples);

    /// <summary>Null without enough calls, or when so many timed out that the low quantile is not among those that were answered.</summary>
    /// <param name="histogram">Response times of the calls that were answered.</param>
    /// <param name="timedOut">Calls that timed out per call that was answered: they would have taken longer than those that count.</param>
    public static LowTime? Of(ResponseTimeHistogram? histogram, double timedOut)
    {
        var rank = LowQuantile * (1 + timedOut);
        if (histogram is null || histogram.Count < FewestSamples || rank > .5) return null;
        var low = histogram.Quantile(rank).TotalMicroseconds;
        return new LowTime(low, (ErrorPerWayToMedian * (histogram.Quantile(rank + .25).TotalMicroseconds - low)) + (BucketError * low), histogram.Count);
    }

    /// <summary>Standard error of a quantile that rests on so many calls of this class.</summary>
    public double ErrorOf(double samples) => Spread / Math.Sqrt(Math.Max(1, samples));

    /// <summary>As a baseline that rests on this alone.</summary>
    public ClassBaseline Fresh() => new(Time, Samples);
}
