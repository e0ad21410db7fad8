using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// One timer for many moments: it rings at the earliest of those it was set for, and whoever hears it sets it for the next. A timer for each call that waits would
/// cost more than the rest of its wait. Thread-safe.
/// </summary>
internal sealed class Alarm : IDisposable
{
    private const double TicksPerMillisecond = TimeSpan.TicksPerMillisecond;

    private readonly Lock _gate = new();
    private readonly Action _ring;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _at = long.MaxValue;

    /// <summary>An alarm that is not set.</summary>
    /// <param name="ring">Called on any thread, outside of any lock; perhaps for a moment that has become of no interest.</param>
    /// <param name="time">Clock and timers.</param>
    public Alarm(Action ring, TimeProvider time)
    {
        (_ring, _time) = (ring, time);
        _timer = time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rings then at the latest; at once where that is past. Not to be called under a lock that hearing it takes.</summary>
    public void Set(TimeSpan at)
    {
        if (at.Ticks >= Volatile.Read(ref _at)) return;
        lock (_gate)
        {
            if (at.Ticks >= _at) return;
            Volatile.Write(ref _at, at.Ticks);
            _timer.Change(Until(at), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    // Timers take whole milliseconds and drop the rest: too early would be in vain.
    private TimeSpan Until(TimeSpan at)
    {
        var milliseconds = Math.Ceiling((at - _time.MonotonicNow()).Ticks / TicksPerMillisecond);
        return TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, uint.MaxValue - 1));
    }

    private void Ring()
    {
        lock (_gate) Volatile.Write(ref _at, long.MaxValue);
        _ring();
    }
}
