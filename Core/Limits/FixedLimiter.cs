using OrleansPool.Core.Model;

namespace OrleansPool.Core.Limits;

/// <summary>A limit that stays where it is put. Lowering it cuts nothing in flight: it deals no more permits until enough have come back.</summary>
public sealed class FixedLimiter : ILimiter
{
    private readonly Lock _gate = new();
    private Action? _raised;
    private int _inFlight;
    private volatile int _limit;

    /// <summary>A limiter with <paramref name="limit"/> permits, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public FixedLimiter(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
    }

    /// <inheritdoc />
    public int Limit => _limit;

    /// <inheritdoc />
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Changes the limit, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public void Set(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        Action? raised;
        lock (_gate)
        {
            raised = limit > _limit ? _raised : null;
            _limit = limit;
        }

        raised?.Invoke();
    }

    /// <inheritdoc />
    public bool TryAcquire()
    {
        var seen = Volatile.Read(ref _inFlight);
        while (seen < _limit)
        {
            var before = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }

        return false;
    }

    /// <inheritdoc />
    public void Settle(Verdict verdict, TimeSpan responseTime) => Interlocked.Decrement(ref _inFlight);

    /// <inheritdoc />
    public IDisposable OnRaised(Action callback)
    {
        lock (_gate) _raised += callback;
        return new Subscription(this, callback);
    }

    private sealed class Subscription(FixedLimiter owner, Action callback) : IDisposable
    {
        private Action? _callback = callback;

        public void Dispose()
        {
            var ended = Interlocked.Exchange(ref _callback, null);
            if (ended is null) return;
            lock (owner._gate) owner._raised -= ended;
        }
    }
}
