using Microsoft.Extensions.Logging;

namespace OrleansPool.Core.Operations;

/// <summary>
/// The last 200 lines that the pool itself wrote to this host's log, for people who look at the host and not at its log: ejected addresses, failed connects, leaks,
/// reloads, leases. Lines that only repeat the one before count as one. Thread-safe.
/// </summary>
public sealed class EventRing(TimeProvider time) : ILoggerProvider
{
    private const int Kept = 200;
    private const string Own = "OrleansPool";

    private readonly Lock _gate = new();
    private readonly Queue<HostEvent> _older = new();
    private HostEvent? _last;
    private long _number;

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<HostEvent> Now
    {
        get
        {
            lock (_gate) return _last is null ? [] : [.. _older, _last];
        }
    }

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new RingLogger(this, categoryName.StartsWith(Own, StringComparison.Ordinal));

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private void Add(LogLevel level, EventId id, string? endpoint, string text)
    {
        lock (_gate)
        {
            _number++;
            if (_last is not null && _last.Id == id.Id && IsSame(_last.Endpoint, endpoint) && IsSame(_last.Text, text))
            {
                _last = _last with { Number = _number, At = time.GetUtcNow(), Times = _last.Times + 1 };
                return;
            }

            if (_last is not null) _older.Enqueue(_last);
            if (_older.Count == Kept) _older.Dequeue();
            _last = new HostEvent(_number, time.GetUtcNow(), id.Id, id.Name ?? "", level, endpoint, text, 1);
        }
    }

    private static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    private sealed class RingLogger(EventRing ring, bool isOwn) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => isOwn && logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Lines without a number are not the pool's own, whoever's category they bear.
            if (!IsEnabled(logLevel) || eventId.Id == 0) return;
            var endpoint = (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(static value => IsSame(value.Key, "Endpoint")).Value as string;
            ring.Add(logLevel, eventId, endpoint, formatter(state, exception));
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
