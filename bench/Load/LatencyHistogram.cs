using System.Numerics;

namespace OrleansPool.Bench.Load;

/// <summary>
/// Counts response times in buckets that are at most 1/64 of their value wide, from nanoseconds to hours, in memory that does not grow: a record
/// costs the same at the first call and at the millionth. Not thread-safe: each worker has its own, and they are merged at the end.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;
    private const int Octaves = 44;

    private readonly long[] _counts = new long[Octaves * SubBuckets];

    /// <summary>Response times recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Records one response time.</summary>
    public void Record(TimeSpan responseTime)
    {
        _counts[BucketOf((long)responseTime.TotalNanoseconds)]++;
        Count++;
    }

    /// <summary>Takes over all that <paramref name="other"/> recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++) _counts[bucket] += other._counts[bucket];
        Count += other.Count;
    }

    /// <summary>The response time that <paramref name="share"/> of all did not exceed, in microseconds; 0 when nothing was recorded.</summary>
    /// <param name="share">0.99 for the 99th percentile.</param>
    public double PercentileUs(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * share));
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            rank -= _counts[bucket];
            if (rank <= 0) return MiddleOf(bucket) / 1_000;
        }

        return 0;
    }

    // Below SubBuckets a bucket is one nanosecond; from there on each octave has SubBuckets buckets.
    private static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < SubBuckets) return (int)Math.Max(0, nanoseconds);
        var shift = BitOperations.Log2((ulong)nanoseconds) - SubBits;
        var bucket = (shift * SubBuckets) + (int)(nanoseconds >> shift);
        return Math.Min(bucket, (Octaves * SubBuckets) - 1);
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = (bucket / SubBuckets) - 1;
        var lowest = (long)(SubBuckets + (bucket % SubBuckets)) << shift;
        return lowest + ((1L << shift) / 2.0);
    }
}
