namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>Ratios from 1/1024 to 1024, in buckets of 1 %: fine enough for a bar at 1.10.</summary>
internal sealed class RatioHistogram
{
    private const double Step = 0.01;
    private const int Zero = 700;

    private readonly long[] _counts = new long[2 * Zero];

    public long Count { get; private set; }

    public void Record(double ratio)
    {
        var bucket = ratio <= 0 ? 0 : (int)((Math.Log(ratio) / Step) + Zero);
        _counts[Math.Clamp(bucket, 0, _counts.Length - 1)]++;
        Count++;
    }

    /// <summary>The ratio that the share <paramref name="quantile"/> does not exceed, interpolated within its bucket; not a number when there are none.</summary>
    public double Quantile(double quantile)
    {
        var (rank, below) = (quantile * Count, 0L);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            if (_counts[bucket] == 0) continue;
            if (below + _counts[bucket] >= rank) return Math.Exp((bucket - Zero + ((rank - below) / _counts[bucket])) * Step);
            below += _counts[bucket];
        }

        return double.NaN;
    }
}
