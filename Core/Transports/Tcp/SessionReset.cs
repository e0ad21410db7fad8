using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>
/// Finds out whether the connection of a session can be used again. It counts requests and replies as they pass: the reset is asked for only where the
/// caller's last request is whole, since its bytes would complete a broken one; and its reply is the one after all that the caller is owed. What it cannot
/// follow (a frame that is none, more replies than requests) is let pass, and the connection closes. The two sides may be told of at the same time.
/// </summary>
internal sealed class SessionReset(ResetExchange exchange, IFraming framing)
{
    private readonly FrameScanner _requests = framing.Requests();
    private readonly FrameScanner _replies = framing.Replies();
    private readonly List<byte> _reply = [];
    private long _asked;
    private long _answered;
    private bool _isLost;
    private volatile bool _isAsked;

    /// <summary>What to send, and how long it may take.</summary>
    public ResetExchange Exchange => exchange;

    /// <summary>True once the reset is asked for, or was about to be.</summary>
    public bool IsAsked => _isAsked;

    /// <summary>True when the reset's reply came as expected, and nothing behind it.</summary>
    public bool IsDone { get; private set; }

    /// <summary>True when no reply of the reset can come any more that would be the right one.</summary>
    public bool IsHopeless => _isLost || (_isAsked && _answered > _asked);

    /// <summary>Bytes of the caller, about to be sent.</summary>
    public void PassRequest(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length && !_isLost;)
        {
            var scan = _requests.Scan(bytes[at..]);
            if (scan.IsEnd) _asked++;
            _isLost = scan.Error is not null;
            at += scan.Count;
        }
    }

    /// <summary>The caller's end: true when the reset is to be sent now.</summary>
    public bool TryAsk() => _isAsked = !_isLost && _requests.IsBetweenFrames && Volatile.Read(ref _answered) <= _asked;

    /// <summary>Bytes of the upstream: how many of them, from the first, are the caller's.</summary>
    public int PassReply(ReadOnlySpan<byte> bytes)
    {
        // Read before the bytes are looked at: they may hold the reset's reply only if it was asked for before.
        var isAsked = _isAsked;
        for (var at = 0; at < bytes.Length && !_isLost;)
        {
            var isOwn = isAsked && _answered == _asked;
            var scan = _replies.Scan(bytes[at..]);
            if (isOwn) return TakeOwn(bytes, at, scan);
            if (scan.IsEnd) _answered++;
            _isLost |= scan.Error is not null;
            at += scan.Count;
        }

        return bytes.Length;
    }

    private int TakeOwn(ReadOnlySpan<byte> bytes, int from, FrameScan scan)
    {
        _reply.AddRange(bytes.Slice(from, scan.Count));
        if (scan.IsEnd) IsDone = from + scan.Count == bytes.Length && exchange.Reply.Span.SequenceEqual(_reply.ToArray());
        _isLost = scan.Error is not null || (scan.IsEnd && !IsDone);
        return from;
    }
}
