using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.Tcp;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>TCP sessions that reach a silo without a share: each side's end goes by itself over both hops.</summary>
[Collection(ForwardingCluster.Collection)]
public sealed class ForwardedSessionTests(ForwardingCluster cluster)
{
    private readonly TcpEndpointClient _lines = cluster.Client.Services.GetRequiredService<OrleansPoolClient>().CreateTcpClient(ForwardingCluster.Lines);

    [Fact]
    public async Task Session_UpstreamEndsItsSide_TheCallerGoesOnSending()
    {
        var (session, peer) = await OpenAsync();
        await peer.SendAsync("all");
        peer.HalfClose();
        Assert.Equal("all", await RestAsync(session));
        await session.Output.WriteAsync("late word, "u8.ToArray()).AsTask().InTime("room");
        await peer.ExpectAsync("late word, ");
        await session.Output.WriteAsync("and the last"u8.ToArray()).AsTask().InTime("room");
        await session.DisposeAsync().AsTask().InTime("the session's end");
        await peer.ExpectAsync("and the last");
        await peer.ExpectEndAsync();
        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Lines);
    }

    [Fact]
    public async Task Session_UpstreamEndsItsSide_AndTheCallerNever_IsOverOnBothSilosAfterItsTime()
    {
        var (session, peer) = await OpenAsync();
        peer.HalfClose();
        Assert.Equal("", await RestAsync(session));
        await peer.ExpectClosedAsync();
        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Lines);
        await session.DisposeAsync().AsTask().InTime("the session's end");
    }

    private async Task<(TcpSession Session, TcpPeer Peer)> OpenAsync()
    {
        cluster.SharesOfAreAt(ForwardingCluster.Lines, 1);
        var session = await _lines.OpenSessionAsync().InTime("a session");
        return (session, await cluster.LinesUpstream.ConnectionAsync());
    }

    private static Task<string> RestAsync(TcpSession session) => new StreamReader(session.Input.AsStream(leaveOpen: true)).ReadToEndAsync().InTime("the upstream's end");
}
