namespace OrleansPool.Core.Limits.Sampling;

/// <summary>
/// How old the oldest open call is, without a list of them: calls are counted by the slice of time in which they began, so that a hanging upstream is
/// seen before any of its calls has ended. Nothing is allocated after the start. Not thread-safe.
/// </summary>
public sealed class OpenCallAges
{
    // Slices of 2^19 ticks, 52 ms: well below an epoch. 512 of them are 26.8 s; calls that have been open longer are counted together.
    private const int SliceBits = 19;
    private const int Slices = 512;

    private readonly int[] _began = new int[Slices];
    private long _newest;
    private int _older;

    /// <summary>No age above this is told; a call may be older.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromTicks((long)(Slices - 1) << SliceBits);

    /// <summary>A call began.</summary>
    public void Add(TimeSpan now)
    {
        var slice = now.Ticks >> SliceBits;
        if (slice != _newest) MoveTo(slice);
        _began[slice % Slices]++;
    }

    /// <summary>The call that began at <paramref name="since"/> ended, or is no longer to be counted.</summary>
    public void Remove(TimeSpan since, TimeSpan now)
    {
        var newest = now.Ticks >> SliceBits;
        if (newest != _newest) MoveTo(newest);
        var slice = since.Ticks >> SliceBits;
        if (slice > newest - Slices) _began[slice % Slices]--;
        else _older--;
    }

    /// <summary>Age of the oldest, at most one slice too low and never too high; zero when there is none.</summary>
    public TimeSpan Oldest(TimeSpan now)
    {
        MoveTo(now.Ticks >> SliceBits);
        if (_older > 0) return Longest;
        for (var slice = Math.Max(0, _newest - Slices + 1); slice <= _newest; slice++)
        {
            if (_began[slice % Slices] > 0) return TimeSpan.FromTicks(Math.Max(0, now.Ticks - ((slice + 1) << SliceBits)));
        }

        return TimeSpan.Zero;
    }

    // What falls off the far end of the ring joins the calls that are older than the ring is long.
    private void MoveTo(long slice)
    {
        var steps = Math.Min(slice - _newest, Slices);
        for (var at = slice - steps + 1; at <= slice; at++)
        {
            _older += _began[at % Slices];
            _began[at % Slices] = 0;
        }

        _newest = Math.Max(slice, _newest);
    }
}
