namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// How long a newcomer would wait, from how fast the queue was served lately: position / rate. Says nothing without recent evidence, and errs on the short
/// side, because whoever is refused for nothing loses more than whoever waits for nothing. Not thread-safe: in a pool its lock guards it.
/// </summary>
public sealed class WaitEstimate
{
    // Two windows, the one that runs and the one before it: evidence is at most two windows old, and at least 16 calls, of which the rate is known to 25 %.
    private const int LeastServed = 16;
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(2);

    private TimeSpan _from;
    private TimeSpan _last;
    private bool _isWaiting;
    private (int Served, TimeSpan Busy) _now;
    private (int Served, TimeSpan Busy) _before;

    /// <summary>The queue became empty, or stopped being so. Only the time during which somebody waits tells how fast a queue is served.</summary>
    public void SetWaiting(bool isWaiting, TimeSpan now)
    {
        if (isWaiting == _isWaiting) return;
        Advance(now);
        _isWaiting = isWaiting;
    }

    /// <summary>Somebody who waited was served.</summary>
    public void Served(TimeSpan now)
    {
        Advance(now);
        _now.Served++;
    }

    /// <summary>Expected wait of whoever is served as number <paramref name="position"/> from now (1 is next); null when nobody can tell.</summary>
    public TimeSpan? For(int position, TimeSpan now)
    {
        Advance(now);
        var served = _now.Served + _before.Served;
        var busy = _now.Busy + _before.Busy;
        if (served < LeastServed || busy <= TimeSpan.Zero) return null;

        // Counting n events tells their rate to about sqrt(n): two of those in favour of the shorter wait.
        return busy * (position / (served + (2 * Math.Sqrt(served))));
    }

    private void Advance(TimeSpan now)
    {
        if (_isWaiting && now > _last) _now.Busy += now - _last;
        _last = now;
        if (now - _from < _window) return;
        _before = now - _from < _window * 2 ? _now : default;
        _now = default;
        _from = now;
    }
}
