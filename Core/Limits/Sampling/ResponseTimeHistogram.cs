namespace OrleansPool.Core.Limits.Sampling;

/// <summary>
/// Response times in buckets whose width is 1/16 of their octave, so a quantile is at most 6.25 % too high or too low, from 1 microsecond to over an
/// hour; with an exact sum, so that the mean has no such error. Histograms of many holders add up. Not thread-safe.
/// </summary>
public sealed class ResponseTimeHistogram
{
    private const int PerOctave = 16;
    private const int Octaves = 32;

    private readonly int[] _counts = new int[PerOctave * Octaves];

    /// <summary>Response times recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum.</summary>
    public TimeSpan Sum { get; private set; }

    /// <summary>Their mean; zero when there are none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : Sum / Count;

    /// <summary>Adds one.</summary>
    public void Record(TimeSpan responseTime)
    {
        _counts[BucketOf(responseTime)]++;
        Count++;
        Sum += responseTime;
    }

    /// <summary>Adds all of another histogram.</summary>
    public void Add(ResponseTimeHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++) _counts[bucket] += other._counts[bucket];
        Count += other.Count;
        Sum += other.Sum;
    }

    /// <summary>The response time that the share <paramref name="quantile"/> (0 to 1) does not exceed, interpolated within its bucket; zero when there are none.</summary>
    public TimeSpan Quantile(double quantile)
    {
        var rank = quantile * Count;
        var below = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            if (_counts[bucket] == 0) continue;
            if (below + _counts[bucket] >= rank) return Within(bucket, (rank - below) / _counts[bucket]);
            below += _counts[bucket];
        }

        return TimeSpan.Zero;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Sum) = (0, TimeSpan.Zero);
    }

    /// <summary>The buckets that are not empty, for the wire: index and count.</summary>
    public IEnumerable<(int Bucket, int Count)> Filled()
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            if (_counts[bucket] > 0) yield return (bucket, _counts[bucket]);
        }
    }

    /// <summary>The opposite of <see cref="Filled"/>. Buckets that do not exist are refused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bucket or a count is out of range.</exception>
    public static ResponseTimeHistogram From(IEnumerable<(int Bucket, int Count)> filled, TimeSpan sum)
    {
        var histogram = new ResponseTimeHistogram { Sum = sum };
        foreach (var (bucket, count) in filled)
        {
            if (count < 0 || (uint)bucket >= PerOctave * Octaves) throw new ArgumentOutOfRangeException(nameof(filled), $"({bucket}, {count}) is no bucket and count: 0 to {(PerOctave * Octaves) - 1}, and 0 or more.");
            histogram._counts[bucket] += count;
            histogram.Count += count;
        }

        return histogram;
    }

    private static int BucketOf(TimeSpan responseTime)
    {
        var microseconds = Math.Max(1, (ulong)Math.Max(0, responseTime.Ticks) / TimeSpan.TicksPerMicrosecond);
        var octave = Math.Min(Octaves - 1, System.Numerics.BitOperations.Log2(microseconds));
        var within = (int)Math.Min(PerOctave - 1, ((microseconds * PerOctave) >> octave) - PerOctave);
        return (octave * PerOctave) + within;
    }

    private static TimeSpan Within(int bucket, double share)
    {
        var octave = bucket / PerOctave;
        var from = Math.ScaleB(1 + ((bucket % PerOctave) / (double)PerOctave), octave);
        var width = Math.ScaleB(1.0 / PerOctave, octave);
        return TimeSpan.FromMicroseconds(from + (width * share));
    }
}
