using OrleansPool.Bench.Load;

namespace OrleansPool.Bench.Overload.Load;

/// <summary>What became of the calls. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _good = new();

    /// <summary>Calls made.</summary>
    public long Offered { get; private set; }

    /// <summary>Calls answered well within their deadline.</summary>
    public long Good => _good.Count;

    /// <summary>99th percentile of the good calls' response time, waiting in the pool included.</summary>
    public double P99Ms => _good.PercentileUs(0.99) / 1_000;

    /// <summary>Median of the same.</summary>
    public double P50Ms => _good.PercentileUs(0.50) / 1_000;

    /// <summary>A call is over.</summary>
    public void Count(bool isGood, TimeSpan responseTime)
    {
        lock (_gate)
        {
            Offered++;
            if (isGood) _good.Record(responseTime);
        }
    }
}
