using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits.Laws;

/// <summary>Epochs by the numbers that a law looks at.</summary>
internal static class Epochs
{
    public static EpochSample Of(double milliseconds, double inFlight, long good = 1000, long timeouts = 0, long pushBacks = 0) => new()
    {
        Span = TimeSpan.FromSeconds(1),
        At = TimeSpan.FromSeconds(1),
        Limit = inFlight,
        GoodRate = good,
        InFlight = inFlight,
        PeakInFlight = (int)inFlight,
        BoundShare = 1,
        Good = good,
        Timeouts = timeouts,
        PushBacks = pushBacks,
        ResponseTimes = Times(milliseconds, good),
    };

    private static ResponseTimeHistogram?[] Times(double milliseconds, long count)
    {
        var histogram = new ResponseTimeHistogram();
        for (var call = 0; call < count; call++) histogram.Record(TimeSpan.FromMilliseconds(milliseconds));
        var classes = new ResponseTimeHistogram?[MethodClasses.Count];
        classes[0] = histogram;
        return classes;
    }
}
