using System.Net.Sockets;

namespace OrleansPool.Bench.Proof.Upstream;

/// <summary>
/// Counts the connections that an upstream has accepted. The count can only grow at an accept, so the most of all time is taken there, and nothing
/// between two looks is missed. Thread-safe.
/// </summary>
/// <remarks>
/// A server hears of a close a moment after its peer has closed. Where the count would set a new record, each connection is asked whether its peer still
/// holds it: what is on its way to be forgotten is not open.
/// </remarks>
internal sealed class ConnectionCounter
{
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _accepted = [];
    private int _peak;

    /// <summary>Connections accepted and not known to be closed.</summary>
    public int Accepted
    {
        get
        {
            lock (_gate) return _accepted.Count;
        }
    }

    /// <summary>A connection was accepted.</summary>
    public void Add(Socket connection)
    {
        lock (_gate)
        {
            _accepted.Add(connection);
            if (_accepted.Count > _peak) _peak = Math.Max(_peak, CountOpen_NeedsLock());
        }
    }

    /// <summary>A connection is over.</summary>
    public void Remove(Socket connection)
    {
        lock (_gate) _accepted.Remove(connection);
    }

    /// <summary>The most that were open at once since the last call of this; what is open now counts for the next, too.</summary>
    public int TakePeak()
    {
        lock (_gate)
        {
            var peak = _peak;
            _peak = CountOpen_NeedsLock();
            return peak;
        }
    }

    private int CountOpen_NeedsLock() => _accepted.Count(IsHeldByPeer);

    private static bool IsHeldByPeer(Socket connection)
    {
        try
        {
            // Readable without a byte to read: the peer's end of the stream has arrived.
            return !(connection.Poll(TimeSpan.Zero, SelectMode.SelectRead) && connection.Available == 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
