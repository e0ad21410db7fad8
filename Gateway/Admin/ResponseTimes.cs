using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Gateway.Admin;

/// <summary>Response times of an epoch in milliseconds, over all methods.</summary>
internal sealed record ResponseTimes(double P50, double P90, double P99)
{
    public static ResponseTimes? Of(EpochSample? epoch)
    {
        if (epoch is null) return null;
        var all = new ResponseTimeHistogram();
        foreach (var times in epoch.ResponseTimes)
        {
            if (times is not null) all.Add(times);
        }

        return all.Count == 0 ? null : new ResponseTimes(Milliseconds(all, .5), Milliseconds(all, .9), Milliseconds(all, .99));
    }

    private static double Milliseconds(ResponseTimeHistogram all, double quantile) => Math.Round(all.Quantile(quantile).TotalMilliseconds, 2);
}
