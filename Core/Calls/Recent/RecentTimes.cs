using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Calls.Recent;

/// <summary>Response times of the last seconds: of this second, and of a window that moves on by halves, so that nothing has to be taken out again. Not thread-safe.</summary>
internal sealed class RecentTimes
{
    private static readonly TimeSpan _half = TimeSpan.FromSeconds(5);

    private readonly ResponseTimeHistogram _second = new();
    private ResponseTimeHistogram _young = new();
    private ResponseTimeHistogram _old = new();
    private TimeSpan _youngSince;
    private long _number;

    public void Add(IReadOnlyList<ResponseTimeHistogram?> times, long second, TimeSpan now)
    {
        if (second != _number) _second.Clear();
        _number = second;
        Advance(now);
        foreach (var each in times.OfType<ResponseTimeHistogram>())
        {
            _second.Add(each);
            _young.Add(each);
        }
    }

    /// <summary>Half of the good calls, and 99 in 100, of the second that was added to last: in milliseconds; zero where there were none.</summary>
    public (float P50, float P99) OfSecond() => ((float)_second.Quantile(.5).TotalMilliseconds, (float)_second.Quantile(.99).TotalMilliseconds);

    /// <summary>The last 5 to 10 s, as a copy.</summary>
    public ResponseTimeHistogram Window(TimeSpan now)
    {
        Advance(now);
        var window = new ResponseTimeHistogram();
        window.Add(_young);
        window.Add(_old);
        return window;
    }

    private void Advance(TimeSpan now)
    {
        if (now - _youngSince < _half) return;
        (_old, _young) = (_young, _old);
        _young.Clear();
        if (now - _youngSince >= 2 * _half) _old.Clear();
        _youngSince = now;
    }
}
