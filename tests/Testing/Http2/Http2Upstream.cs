using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansPool.Testing.Http2;

/// <summary>
/// An HTTP/2 server whose every frame is the test's decision. It accepts, answers SETTINGS and PING, and grants windows by itself; requests wait for the test.
/// </summary>
public sealed class Http2Upstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<Http2UpstreamConnection> _fresh = Channel.CreateUnbounded<Http2UpstreamConnection>();
    private readonly List<Http2UpstreamConnection> _connections = [];
    private readonly Lock _gate = new();
    private Task _accepting = Task.CompletedTask;

    private Http2Upstream()
    {
    }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Streams that a client may have open at once, told in the first SETTINGS; null says nothing.</summary>
    public int? MaxConcurrentStreams { get; set; }

    /// <summary>Largest header list, told in the first SETTINGS; null says nothing.</summary>
    public int? MaxHeaderListSize { get; set; }

    /// <summary>Accept, and never say a word.</summary>
    public bool IsMute { get; set; }

    /// <summary>Accept, and close at once.</summary>
    public bool ClosesAtOnce { get; set; }

    /// <summary>Exchange settings, and close.</summary>
    public bool ClosesWhenGreeted { get; set; }

    /// <summary>Leave pings without an answer, as a host does that froze.</summary>
    public bool IgnoresPings { get; set; }

    /// <summary>Give no more window for request bodies than the protocol starts with.</summary>
    public bool WithholdsWindow { get; set; }

    /// <summary>Connections so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>Connections open now.</summary>
    public int Open
    {
        get
        {
            lock (_gate) return _connections.Count(connection => !connection.IsClosed);
        }
    }

    /// <summary>The most that were open at once.</summary>
    public int MostOpen { get; private set; }

    public static Http2Upstream Start(Action<Http2Upstream>? configure = null)
    {
        var upstream = new Http2Upstream();
        configure?.Invoke(upstream);
        upstream._listener.Start();
        upstream._accepting = upstream.AcceptAsync();
        return upstream;
    }

    /// <summary>The next connection that a client opened.</summary>
    public Task<Http2UpstreamConnection> ConnectionAsync() => _fresh.Reader.ReadAsync().AsTask().InTime("a connection");

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
            while (true) Take(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped: while waiting, or before the listener was asked again.
        }
    }

    private void Take(Socket socket)
    {
        Accepted++;
        if (ClosesAtOnce)
        {
            socket.Dispose();
            return;
        }

        var connection = new Http2UpstreamConnection(socket, this);
        lock (_gate)
        {
            _connections.Add(connection);
            MostOpen = Math.Max(MostOpen, _connections.Count(c => !c.IsClosed));
        }

        if (!IsMute) connection.Start();
        _fresh.Writer.TryWrite(connection);
    }
}
