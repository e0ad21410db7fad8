using System.Net;
using System.Net.Sockets;
using OrleansPool.Bench.Proof.Upstream;

namespace OrleansPool.Cluster.Tests.Proof;

/// <summary>The counter that the proof rests on: it misses nothing, and counts nothing twice.</summary>
public sealed class ConnectionCounterTests : IDisposable
{
    private readonly ConnectionCounter _counter = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<(Socket Peer, Socket Accepted)> _connections = [];

    public ConnectionCounterTests() => _listener.Start();

    public void Dispose()
    {
        foreach (var socket in _connections.SelectMany(pair => new[] { pair.Peer, pair.Accepted })) socket.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task Peak_IsTheMostAtOnce_HoweverShort()
    {
        var first = await ConnectAsync();
        var second = await ConnectAsync();
        await ConnectAsync();
        Close(first);
        Close(second);
        Assert.Equal((1, 3), (_counter.Accepted, _counter.TakePeak()));
    }

    [Fact]
    public async Task Peak_Taken_BeginsAnewWithWhatIsOpen()
    {
        await ConnectAsync();
        Close(await ConnectAsync());
        Assert.Equal(2, _counter.TakePeak());
        Assert.Equal(1, _counter.TakePeak());
    }

    [Fact]
    public async Task Connection_ThatThePeerClosed_IsNotOpenThoughNobodyHasNoticed()
    {
        var first = await ConnectAsync();
        first.Peer.Dispose();
        await Eventually.HoldsAsync(() => first.Accepted.Poll(TimeSpan.Zero, SelectMode.SelectRead), "the peer's end to arrive");
        await ConnectAsync();
        Assert.Equal((2, 1), (_counter.Accepted, _counter.TakePeak()));
    }

    [Fact]
    public async Task Connection_WithUnreadBytes_IsOpen()
    {
        var first = await ConnectAsync();
        first.Peer.Send([1]);
        await Eventually.HoldsAsync(() => first.Accepted.Available > 0, "the byte to arrive");
        await ConnectAsync();
        Assert.Equal(2, _counter.TakePeak());
    }

    private async Task<(Socket Peer, Socket Accepted)> ConnectAsync()
    {
        var peer = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(_listener.LocalEndpoint);
        var accepted = await _listener.AcceptSocketAsync();
        _connections.Add((peer, accepted));
        _counter.Add(accepted);
        return (peer, accepted);
    }

    private void Close((Socket Peer, Socket Accepted) connection)
    {
        _counter.Remove(connection.Accepted);
        connection.Peer.Dispose();
        connection.Accepted.Dispose();
    }
}
