using System.Runtime.InteropServices;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>Calls of an address, or of several together, that are over and say something of it.</summary>
/// <param name="Good">Calls that succeeded.</param>
/// <param name="Failed">Calls that broke or timed out. Push-back is none: it tells of load, not of health.</param>
/// <param name="GoodTicks">Response times of the good ones together, in ticks.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CallCounts(long Good, long Failed, long GoodTicks)
{
    /// <summary>All of them.</summary>
    public long Calls => Good + Failed;

    /// <summary>Share of failed calls; 0 without any.</summary>
    public double FailureRatio => Calls == 0 ? 0 : (double)Failed / Calls;

    /// <summary>Mean response time of the good calls; zero without any.</summary>
    public TimeSpan Mean => Good == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(GoodTicks / Good);

    /// <summary>Both together.</summary>
    public static CallCounts operator +(CallCounts one, CallCounts other) => new(one.Good + other.Good, one.Failed + other.Failed, one.GoodTicks + other.GoodTicks);
}
