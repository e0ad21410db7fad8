using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>A TCP endpoint's port in framed mode.</summary>
public class FramedPortTests
{
    [Fact]
    public async Task Callers_ShareOneUpstreamConnection_AndEachGetsItsOwnReply()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        using var one = await TcpPeer.ConnectAsync(host.Port(0));
        using var other = await TcpPeer.ConnectAsync(host.Port(0));
        await one.SendAsync("from one\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("from one\n");
        await other.SendAsync("from other\n");
        await Eventually.HoldsAsync(() => host.Pool("cache").Waiting == 1, "the second call to wait");
        await peer.SendAsync("for one\n");
        await one.ExpectAsync("for one\n");
        await peer.ExpectAsync("from other\n");
        await peer.SendAsync("for other\n");
        await other.ExpectAsync("for other\n");
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task Frames_SentAtOnce_AreAnsweredInTheirOrder()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.SendAsync("1\n2\n3");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("1\n");
        await peer.SendAsync("one\n");
        await peer.ExpectAsync("2\n");
        await peer.SendAsync("two\n");
        await caller.ExpectAsync("one\ntwo\n");
        await caller.SendAsync("\n");
        await peer.ExpectAsync("3\n");
        await peer.SendAsync("three\n");
        await caller.ExpectAsync("three\n");
    }

    [Fact]
    public async Task CallerEndsItsSide_StillGetsItsReply_AndThenTheEnd()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.SendAsync("ask\n");
        caller.HalfClose();
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("reply\n");
        await caller.ExpectAsync("reply\n");
        await caller.ExpectEndAsync();
        await host.IsQuietAsync("cache");
        Assert.Equal(1, host.Pool("cache").Idle);
    }

    [Fact]
    public async Task CallerResets_ItsCallEnds_AndItsConnectionIsNotUsedAgain()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.SendAsync("ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        caller.Reset();
        await peer.ExpectClosedAsync();
        await host.IsQuietAsync("cache");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallerWhoWaitsAndResets_LeavesTheQueue_AlsoWhenItHadEndedItsSide(bool endsFirst)
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        using var first = await TcpPeer.ConnectAsync(host.Port(0));
        await first.SendAsync("ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        var second = await TcpPeer.ConnectAsync(host.Port(0));
        await second.SendAsync("wait\n");
        if (endsFirst) second.HalfClose();
        await Eventually.HoldsAsync(() => host.Pool("cache").Waiting == 1, "the second call to wait");
        second.Reset();
        await Eventually.HoldsAsync(() => host.Pool("cache").Waiting == 0, "it to have left the queue");
        await peer.SendAsync("reply\n");
        await first.ExpectAsync("reply\n");
    }

    [Fact]
    public async Task UpstreamGone_ResetsTheCaller()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.SendAsync("ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        peer.Dispose();
        await caller.ExpectResetAsync();
    }

    [Fact]
    public async Task HostStops_IdleCallersAreLetGo()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.SendAsync("ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("reply\n");
        await caller.ExpectAsync("reply\n");
        var stopping = host.StopAsync();
        await caller.ExpectEndAsync();
        await stopping.InTime("the host to stop");
    }

    private static Task<GatewayHost> StartAsync(TcpUpstream upstream) => GatewayHost.StartAsync(
        ("cache:Protocol", "tcp"), ("cache:Addresses:0", upstream.Address), ("cache:Listen", "127.0.0.1:0"), ("cache:Pool:Max", "1"),
        ("cache:Tcp:Mode", "framed"), ("cache:Tcp:Framing", "delimiter"), ("cache:Tcp:Delimiter", "\\n"));
}
