using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansPool.Testing.Http1;

/// <summary>An HTTP/1.1 server that reads requests by itself and says nothing: every byte of an answer, and when a connection ends, is the test's decision.</summary>
public sealed class Http1Upstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<Http1UpstreamConnection> _fresh = Channel.CreateUnbounded<Http1UpstreamConnection>();
    private readonly List<Http1UpstreamConnection> _connections = [];
    private readonly Lock _gate = new();
    private Task _accepting = Task.CompletedTask;

    private Http1Upstream()
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

    /// <summary>Connections open now.</summary>
    public int Open
    {
        get
        {
            lock (_gate) return _connections.Count(connection => !connection.IsClosed);
        }
    }

    /// <summary>Requests on all connections so far.</summary>
    public int Requests
    {
        get
        {
            lock (_gate) return _connections.Sum(connection => connection.Requests);
        }
    }

    public static Http1Upstream Start()
    {
        var upstream = new Http1Upstream();
        upstream._listener.Start();
        upstream._accepting = upstream.AcceptAsync();
        return upstream;
    }

    /// <summary>The next connection that a client opened.</summary>
    public Task<Http1UpstreamConnection> ConnectionAsync() => _fresh.Reader.ReadAsync().AsTask().InTime("a connection");

    /// <summary>The first request on the next connection that a client opened.</summary>
    public async Task<Http1UpstreamRequest> RequestAsync() => await (await ConnectionAsync()).RequestAsync();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        lock (_gate) _connections.ForEach(connection => connection.Close());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new Http1UpstreamConnection(await _listener.AcceptSocketAsync());
                lock (_gate) _connections.Add(connection);
                connection.Start();
                _fresh.Writer.TryWrite(connection);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped: while waiting, or before the listener was asked again.
        }
    }
}
