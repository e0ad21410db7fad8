namespace OrleansPool.Testing;

/// <summary>
/// A <see cref="ManualTimeProvider"/> that tells what is being waited for, so that a test can advance it when the code under test has come to its wait, and
/// not before.
/// </summary>
public sealed class WatchedTimeProvider : TimeProvider
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Lock _gate = new();
    private readonly List<WatchedTimer> _timers = [];

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    /// <summary>Moves the clock forward, stopping at each timer that falls due.</summary>
    public void Advance(TimeSpan span) => _clock.Advance(span);

    /// <summary>Lets a wait of exactly <paramref name="span"/> begin, then end.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        await BegunAsync(span);
        Advance(span);
    }

    /// <summary>Completes when somebody waits for exactly <paramref name="span"/>.</summary>
    public Task BegunAsync(TimeSpan span) => Eventually.HoldsAsync(() => IsAwaited(span), $"somebody to wait for {span}");

    /// <summary>True while somebody waits for exactly <paramref name="span"/>.</summary>
    public bool IsAwaited(TimeSpan span)
    {
        lock (_gate) return _timers.Exists(timer => timer.DueTime == span);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, callback, state, dueTime);
        timer.Start(period);

        // Told only when it is armed: whoever hears of it may advance the clock at once.
        lock (_gate)
        {
            if (!timer.IsOver) _timers.Add(timer);
        }

        return timer;
    }

    private void Forget(WatchedTimer timer)
    {
        lock (_gate)
        {
            timer.IsOver = true;
            _timers.Remove(timer);
        }
    }

    private sealed class WatchedTimer(WatchedTimeProvider owner, TimerCallback callback, object? state, TimeSpan dueTime) : ITimer
    {
        private ITimer? _timer;

        public TimeSpan DueTime { get; private set; } = dueTime;

        public bool IsOver { get; set; }

        public void Start(TimeSpan period) => _timer = owner._clock.CreateTimer(_ => Fire(period), null, DueTime, period);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime;
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            owner.Forget(this);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(TimeSpan period)
        {
            if (period <= TimeSpan.Zero) owner.Forget(this);
            callback(state);
        }
    }
}
