namespace OrleansPool.Testing;

/// <summary>A clock that stands until the test advances it; timers fire in order, on the advancing thread, before <see cref="Advance"/> returns.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now = 1;

    /// <summary>Timers that are to fire some time. Fewer after an advance: one has fired, and nobody has set it again yet.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward, stopping at each timer that falls due.</summary>
    public void Advance(TimeSpan span)
    {
        var end = GetTimestamp() + span.Ticks;
        while (NextDue(end) is { } timer) Inline.Run(timer.Fire);
        Volatile.Write(ref _now, end);
    }

    private ManualTimer? NextDue(long end)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is null) return null;
            Volatile.Write(ref _now, Math.Max(_now, next.Due));
            next.Rearm();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isDueNow = dueTime == TimeSpan.Zero;
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period <= TimeSpan.Zero ? 0 : period.Ticks;
                Due = clock._now + (isDueNow ? _period : dueTime.Ticks);
                if (isDueNow ? _period > 0 : dueTime > TimeSpan.Zero) clock._timers.Add(this);
            }

            if (isDueNow) Fire();
            return true;
        }

        public void Fire() => callback(state);

        public void Rearm()
        {
            if (_period > 0) Due += _period;
            else clock._timers.Remove(this);
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
