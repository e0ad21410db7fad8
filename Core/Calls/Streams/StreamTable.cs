using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Calls.Streams;

/// <summary>
/// The calls that are carried in pieces through this process, by key. A stream leaves the table with its last piece, when its client closes it, or when
/// nobody has read from it for its time to live. Thread-safe.
/// </summary>
public sealed class StreamTable : IAsyncDisposable
{
    private static readonly TimeSpan _drainLook = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Guid, StreamSession> _sessions = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    /// <summary>An empty table.</summary>
    public StreamTable(TimeProvider time)
    {
        _time = time;
        var period = StreamOptions.TimeToLive / 4;
        _sweep = time.CreateTimer(static table => ((StreamTable)table!).RemoveAbandoned(), this, period, period);
    }

    /// <summary>Streams in the table.</summary>
    public int Count => _sessions.Count;

    /// <summary>Begins a call under a key that the client made up.</summary>
    /// <returns>False when the key is in use.</returns>
    public bool TryOpen(Guid key, Endpoint endpoint, CallRequest head)
    {
        var session = new StreamSession(endpoint, body => Streaming(head, body), _time);
        if (_sessions.TryAdd(key, session)) return true;
        _ = session.DisposeAsync().AsTask();
        return false;
    }

    /// <summary>The stream under <paramref name="key"/>.</summary>
    public bool TryGet(Guid key, [NotNullWhen(true)] out StreamSession? session) => _sessions.TryGetValue(key, out session);

    /// <summary>Ends the stream under <paramref name="key"/>; harmless when there is none.</summary>
    public async ValueTask CloseAsync(Guid key)
    {
        if (_sessions.TryRemove(key, out var session)) await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The response of the stream under <paramref name="key"/> has ended, and so has the stream; but where the request goes on, it ends with that.</summary>
    public ValueTask EndAsync(Guid key)
    {
        if (!_sessions.TryGetValue(key, out var session)) return default;
        var requestDone = session.WhenRequestDoneAsync();
        if (requestDone.IsCompleted) return CloseAsync(key);
        _ = CloseAfterAsync(requestDone, key);
        return default;
    }

    /// <summary>Completes when the table is empty, which it stays if no more are opened, or when <paramref name="bound"/> is over.</summary>
    public async Task DrainAsync(TimeSpan bound)
    {
        var since = _time.GetTimestamp();
        while (Count > 0 && _time.GetElapsedTime(since) < bound) await Task.Delay(_drainLook, _time).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        foreach (var key in _sessions.Keys) await CloseAsync(key).ConfigureAwait(false);
    }

    internal Guid Add(StreamSession session)
    {
        var key = Guid.NewGuid();
        _sessions[key] = session;
        return key;
    }

    private async Task CloseAfterAsync(Task requestDone, Guid key)
    {
        await requestDone.ConfigureAwait(false);
        await CloseAsync(key).ConfigureAwait(false);
    }

    private void RemoveAbandoned()
    {
        foreach (var (key, session) in _sessions)
        {
            if (session.IsAbandoned) _ = CloseAsync(key).AsTask();
        }
    }

    private static CallRequest Streaming(CallRequest head, System.IO.Pipelines.PipeReader body) => new()
    {
        Method = head.Method,
        Target = head.Target,
        Headers = head.Headers,
        HasBody = true,
        BodyReader = body,
        IsForwarded = head.IsForwarded,
        TimeLeft = head.TimeLeft,
        ClientId = head.ClientId,
    };
}
