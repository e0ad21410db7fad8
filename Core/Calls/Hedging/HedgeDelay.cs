using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Calls.Hedging;

/// <summary>When an answer is late: after the configured time, or after the one that the configured share of the calls of late kept to. Thread-safe.</summary>
internal sealed class HedgeDelay(HedgingOptions options)
{
    // Of fewer calls nobody can tell where the slowest twentieth begins.
    private const int Enough = 50;

    // Calls of the last one to two of these count: long enough for a quiet endpoint, short enough to follow an upstream that becomes slower as a whole.
    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(15);

    // A quantile looks at each bucket, and is asked for with every call.
    private static readonly TimeSpan _freshness = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly ResponseTimeHistogram _both = new();
    private ResponseTimeHistogram _current = new();
    private ResponseTimeHistogram _previous = new();
    private TimeSpan _turnedAt;
    private TimeSpan _foundAt;
    private TimeSpan? _found;

    /// <summary>Time from when a call is sent until its answer is late; null as long as nobody can tell.</summary>
    public TimeSpan? At(TimeSpan now)
    {
        if (options.Delay is { } configured) return configured;
        lock (_gate)
        {
            Turn(now);
            if (now - _foundAt >= _freshness) (_found, _foundAt) = (Find(), now);
            return _found;
        }
    }

    /// <summary>A call was answered after <paramref name="took"/>, by whichever attempt: one whose first attempt was cut took at least that long.</summary>
    public void Answered(TimeSpan took, TimeSpan now)
    {
        if (options.Delay is not null) return;
        lock (_gate)
        {
            Turn(now);
            _current.Record(took);
        }
    }

    private TimeSpan? Find()
    {
        _both.Clear();
        _both.Add(_current);
        _both.Add(_previous);
        return _both.Count < Enough ? null : _both.Quantile(options.Percentile);
    }

    private void Turn(TimeSpan now)
    {
        if (now - _turnedAt < _turn) return;
        if (now - _turnedAt >= 2 * _turn) _current.Clear();
        (_previous, _current) = (_current, _previous);
        _current.Clear();
        _turnedAt = now;
    }
}
