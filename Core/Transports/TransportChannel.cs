namespace OrleansPool.Core.Transports;

/// <summary>
/// One open connection to an upstream, as the pool sees it: how many calls the peer takes now, and when it is gone. What a call looks like is the
/// business of the transport's own type. Thread-safe.
/// </summary>
public abstract class TransportChannel : IDisposable
{
    private readonly Lock _gate = new();
    private IChannelEvents? _events;
    private bool _ended;
    private bool _spent;
    private bool _goingAway;
    private bool _closed;

    /// <summary>
    /// Calls that the peer takes at once, as last announced; <see cref="int.MaxValue"/> where it announced nothing. 0 means none for now.
    /// </summary>
    public abstract int PeerLimit { get; }

    /// <summary>True once the peer announced that it takes no new calls (GOAWAY), or the connection closed.</summary>
    public bool IsGoingAway => Volatile.Read(ref _goingAway) || IsSpent || IsClosed;

    /// <summary>True once no call can be sent on it any more, although its listener has not been told of its end yet: a call on it may be over before.</summary>
    public bool IsSpent => Volatile.Read(ref _spent);

    /// <summary>True once the peer has sent its last byte; it goes away, too, then.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>True once the socket is closed, by whichever side.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>
    /// A look at an idle channel just before it is used, without waiting: false when the peer has closed it or sent something unasked for.
    /// </summary>
    public virtual bool IsUsable() => !IsGoingAway;

    /// <summary>Closes the socket now; calls in flight fail. Safe to repeat. <see cref="IChannelEvents.OnClosed"/> follows, perhaps before this returns.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Names the one listener, and tells it at once what it missed. Events come outside the channel's lock, on any thread.
    /// </summary>
    public void Attach(IChannelEvents events)
    {
        bool goingAway, closed;
        lock (_gate)
        {
            _events = events;
            (goingAway, closed) = (_goingAway, _closed);
        }

        if (closed) events.OnClosed();
        else if (goingAway) events.OnGoingAway();
    }

    /// <summary>For the transport: close the socket, then <see cref="RaiseClosed"/>.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>For the transport: <see cref="PeerLimit"/> changed.</summary>
    protected void RaisePeerLimitChanged() => Listener()?.OnPeerLimitChanged();

    /// <summary>For the transport: the peer takes no new calls.</summary>
    protected void RaiseGoingAway() => Raise(ref _goingAway)?.OnGoingAway();

    /// <summary>For the transport: the peer closed its side.</summary>
    protected void RaiseEnded()
    {
        Volatile.Write(ref _ended, true);
        RaiseGoingAway();
    }

    /// <summary>For the transport, where it must call nobody: the connection is over. <see cref="RaiseClosed"/> follows.</summary>
    protected void NoteSpent() => Volatile.Write(ref _spent, true);

    /// <summary>For the transport: the socket is closed.</summary>
    protected void RaiseClosed() => Raise(ref _closed)?.OnClosed();

    private IChannelEvents? Listener()
    {
        lock (_gate) return _events;
    }

    private IChannelEvents? Raise(ref bool fact)
    {
        lock (_gate)
        {
            if (fact) return null;
            fact = true;
            return _events;
        }
    }
}
