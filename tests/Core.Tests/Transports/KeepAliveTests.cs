using System.Net;
using System.Net.Sockets;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>TCP's own probes, as the operating system has them.</summary>
public class KeepAliveTests
{
    [Fact]
    public async Task Connection_ToTheUpstream_HasTheProbesOfItsOptions()
    {
        await using var upstream = TcpUpstream.Start();
        var probes = await ProbesAsync(upstream, new KeepAliveOptions { Idle = TimeSpan.FromSeconds(30.2), Interval = TimeSpan.FromSeconds(5), Count = 4 });
        Assert.Equal((true, 31, 5, 4), probes);
    }

    [Fact]
    public async Task Defaults_NoticeADeadPeerInAMinuteAndAHalf()
    {
        await using var upstream = TcpUpstream.Start();
        Assert.Equal((true, 60, 10, 3), await ProbesAsync(upstream, new KeepAliveOptions()));
    }

    [Fact]
    public async Task Idle_OfZero_SendsNone()
    {
        await using var upstream = TcpUpstream.Start();
        Assert.False((await ProbesAsync(upstream, new KeepAliveOptions { Idle = TimeSpan.Zero })).IsOn);
    }

    private static async Task<(bool IsOn, int Idle, int Interval, int Count)> ProbesAsync(TcpUpstream upstream, KeepAliveOptions options)
    {
        var at = IPEndPoint.Parse(upstream.Address);
        var dialed = await new Dialer(new TlsOptions(), null, options).DialAsync(new ResolvedAddress(new UpstreamAddress("127.0.0.1", at.Port), at), default);
        using var socket = dialed.Socket!;
        return (
            Option(socket, SocketOptionLevel.Socket, SocketOptionName.KeepAlive) != 0, Option(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime),
            Option(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval), Option(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }

    private static int Option(Socket socket, SocketOptionLevel level, SocketOptionName name) => (int)socket.GetSocketOption(level, name)!;
}
