using System.Runtime.InteropServices;

namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>How long calls queue at the upstream, estimated from one epoch.</summary>
/// <param name="Queue">Microseconds by which a low quantile of response time exceeds the baseline; below zero when the baseline is too high, or by noise.</param>
/// <param name="Mean">Mean response time in microseconds.</param>
/// <param name="Noise">Standard error of <paramref name="Queue"/> in microseconds, by what was measured alone.</param>
/// <param name="BaselineNoise">What the baseline's own standard error adds; it is no part of the difference of two estimates with one baseline.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueueEstimate(double Queue, double Mean, double Noise, double BaselineNoise)
{
    /// <summary>The part of the response time that is queueing: by Little's law also the part of the calls in flight that only queue.</summary>
    public double Share => Mean > 0 ? Queue / Mean : 0;

    /// <summary>Standard error of <see cref="Share"/>.</summary>
    public double ShareNoise => Mean > 0 ? Math.Sqrt((Noise * Noise) + (BaselineNoise * BaselineNoise)) / Mean : 0;
}
