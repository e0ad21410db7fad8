using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits.Laws;

/// <summary>What several laws read out of an epoch.</summary>
internal static class EpochFacts
{
    /// <summary>Calls that were dropped, however.</summary>
    public static long Dropped(this EpochSample epoch) => epoch.Timeouts + epoch.PushBacks + epoch.Failures;

    /// <summary>Mean response time of the good calls in seconds; 0 without any.</summary>
    public static double MeanSeconds(this EpochSample epoch)
    {
        var (count, sum) = (0L, TimeSpan.Zero);
        foreach (var histogram in epoch.ResponseTimes)
        {
            if (histogram is null) continue;
            (count, sum) = (count + histogram.Count, sum + histogram.Sum);
        }

        return count == 0 ? 0 : sum.TotalSeconds / count;
    }

    /// <summary>Calls that would be in flight if every call that asks had a permit, by Little's law.</summary>
    public static double Demand(this EpochSample epoch) => (epoch.AskedRate * epoch.MeanSeconds()) + epoch.Streams;

    /// <summary>The good calls' response times of all classes together.</summary>
    public static ResponseTimeHistogram AllResponseTimes(this EpochSample epoch)
    {
        var all = new ResponseTimeHistogram();
        foreach (var histogram in epoch.ResponseTimes)
        {
            if (histogram is not null) all.Add(histogram);
        }

        return all;
    }
}
