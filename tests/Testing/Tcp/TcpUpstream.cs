using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansPool.Testing.Tcp;

/// <summary>A server that accepts connections and does nothing else by itself: what it reads and sends, and when a connection ends, is the test's decision.</summary>
public sealed class TcpUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<TcpPeer> _fresh = Channel.CreateUnbounded<TcpPeer>();
    private readonly List<TcpPeer> _connections = [];
    private readonly Lock _gate = new();
    private Task _accepting = Task.CompletedTask;

    private TcpUpstream()
    {
    }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections so far.</summary>
    public int Accepted
    {
        get
        {
            lock (_gate) return _connections.Count;
        }
    }

    public static TcpUpstream Start()
    {
        var upstream = new TcpUpstream();
        upstream._listener.Start();
        upstream._accepting = upstream.AcceptAsync();
        return upstream;
    }

    /// <summary>The next connection that a client opened.</summary>
    public Task<TcpPeer> ConnectionAsync() => _fresh.Reader.ReadAsync().AsTask().InTime("a connection");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        lock (_gate) _connections.ForEach(connection => connection.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new TcpPeer(await _listener.AcceptSocketAsync());
                lock (_gate) _connections.Add(connection);
                _fresh.Writer.TryWrite(connection);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped: while waiting, or before the listener was asked again.
        }
    }
}
