using System.Runtime.InteropServices;

namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>Response time without queueing of one method class.</summary>
/// <param name="Time">Microseconds; 0 when unknown.</param>
/// <param name="Samples">Calls that it rests on.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClassBaseline(double Time, double Samples)
{
    // With more behind it, it would follow a slow change of the upstream too slowly; with 8,000 its own error is half a per cent of the mean.
    private const double MostSamples = 8000;

    /// <summary>False for a class that was never seen.</summary>
    public bool IsKnown => Time > 0;

    /// <summary>Moved towards what an epoch without queueing showed, by the weight of its calls; the past weighs at most <paramref name="most"/> times as much.</summary>
    public ClassBaseline Towards(LowTime seen, double most)
    {
        if (!IsKnown) return seen.Fresh();
        var samples = Math.Min(Samples, most * seen.Samples) + seen.Samples;
        return new ClassBaseline(Time + ((seen.Time - Time) * seen.Samples / samples), Math.Min(samples, MostSamples));
    }
}
