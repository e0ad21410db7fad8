using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>A session through a host with room for one: both ends in the test's hands.</summary>
internal sealed class SessionUnderTest : IAsyncDisposable
{
    /// <summary>More than the buffers between two ends hold: two sockets' each way, and the server's read buffer of 1 MB.</summary>
    public const long MostOnTheWay = 40_000_000;

    private SessionUnderTest(TcpUpstream server, GatewayHost host, TcpPeer caller, TcpPeer upstream) => (Server, Host, Caller, Upstream) = (server, host, caller, upstream);

    public TcpUpstream Server { get; }

    public GatewayHost Host { get; }

    public TcpPeer Caller { get; }

    public TcpPeer Upstream { get; }

    public static async Task<SessionUnderTest> StartAsync(params (string Key, string Value)[] settings)
    {
        var server = TcpUpstream.Start();
        var host = await GatewayHost.StartAsync([("any:Protocol", "tcp"), ("any:Addresses:0", server.Address), ("any:Listen", "127.0.0.1:0"), ("any:Pool:Max", "1"), .. settings]);
        var caller = await TcpPeer.ConnectAsync(host.Port(0));
        return new SessionUnderTest(server, host, caller, await server.ConnectionAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        Upstream.Dispose();
        await Host.DisposeAsync();
        await Server.DisposeAsync();
    }
}
