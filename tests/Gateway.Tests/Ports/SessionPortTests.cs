using System.Net.Sockets;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>A TCP endpoint's port in session mode: bytes, ends, resets and backpressure, each way.</summary>
public class SessionPortTests
{
    [Fact]
    public async Task Bytes_PassBothWaysAsTheyCome()
    {
        await using var test = await SessionUnderTest.StartAsync();
        await test.Upstream.SendAsync("welcome");
        await test.Caller.ExpectAsync("welcome");
        await test.Caller.SendAsync("one");
        await test.Upstream.ExpectAsync("one");
        await test.Caller.SendAsync("two");
        await test.Upstream.ExpectAsync("two");
        await test.Upstream.SendAsync("three");
        await test.Caller.ExpectAsync("three");
    }

    [Fact]
    public async Task UpstreamSpeaksFirst_OnAConnectionThatWaited_TheCallerGetsIt()
    {
        await using var server = TcpUpstream.Start();
        await using var host = await GatewayHost.StartAsync(
            ("any:Protocol", "tcp"), ("any:Addresses:0", server.Address), ("any:Listen", "127.0.0.1:0"), ("any:Pool:Max", "1"), ("any:Pool:Min", "1"));
        await (await server.ConnectionAsync()).SendAsync("welcome");
        await Eventually.HoldsAsync(() => host.Pool("any").Idle == 1, "the minimum to be open");
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.ExpectAsync("welcome");
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task CallerEndsItsSide_TheUpstreamReadsTheEnd_AndGoesOnSending()
    {
        await using var test = await SessionUnderTest.StartAsync();
        await test.Caller.SendAsync("all");
        test.Caller.HalfClose();
        await test.Upstream.ExpectAsync("all");
        await test.Upstream.ExpectEndAsync();
        await test.Upstream.SendAsync("late reply");
        await test.Caller.ExpectAsync("late reply");
        test.Upstream.Dispose();
        await test.Caller.ExpectEndAsync();
        await Eventually.HoldsAsync(() => test.Host.Pool("any").Connections == 0, "the session's connection to be closed");
    }

    [Fact]
    public async Task UpstreamEndsItsSide_TheCallerReadsTheEnd_AndGoesOnSending()
    {
        await using var test = await SessionUnderTest.StartAsync();
        await test.Caller.SendAsync("first word");
        await test.Upstream.ExpectAsync("first word");
        await test.Upstream.SendAsync("all");
        test.Upstream.HalfClose();
        await test.Caller.ExpectAsync("all");
        await test.Caller.ExpectEndAsync();
        await test.Caller.SendAsync("late word");
        await test.Upstream.ExpectAsync("late word");
        test.Caller.Dispose();
        await test.Upstream.ExpectEndAsync();
        await Eventually.HoldsAsync(() => test.Host.Pool("any").Connections == 0, "the session's connection to be closed");
    }

    [Fact]
    public async Task UpstreamEndsItsSide_AndTheCallerNever_TheSessionEndsInTime()
    {
        await using var test = await SessionUnderTest.StartAsync(("any:Tcp:HalfCloseTimeout", "00:00:00.200"));
        await test.Caller.SendAsync("first word");
        await test.Upstream.ExpectAsync("first word");
        test.Upstream.HalfClose();
        await test.Caller.ExpectEndAsync();
        await test.Upstream.ExpectClosedAsync();
        await test.Host.IsQuietAsync("any");
    }

    [Fact]
    public async Task CallerResets_IsAResetUpstream()
    {
        await using var test = await SessionUnderTest.StartAsync();
        await test.Caller.SendAsync("half a wo");
        await test.Upstream.ExpectAsync("half a wo");
        test.Caller.Reset();
        await test.Upstream.ExpectResetAsync();
        await Eventually.HoldsAsync(() => test.Host.Pool("any") is { Connections: 0, InFlight: 0 }, "the slot to be free");
    }

    [Fact]
    public async Task UpstreamResets_IsAResetToTheCaller()
    {
        await using var test = await SessionUnderTest.StartAsync();
        await test.Caller.SendAsync("word");
        await test.Upstream.ExpectAsync("word");
        test.Upstream.Reset();
        await test.Caller.ExpectResetAsync();
        await Eventually.HoldsAsync(() => test.Host.Pool("any") is { Connections: 0, InFlight: 0 }, "the slot to be free");
    }

    [Fact]
    public async Task UpstreamDoesNotRead_TheCallerIsHeldBack()
    {
        await using var test = await SessionUnderTest.StartAsync();
        Assert.InRange(await test.Caller.FillAsync(), 1, SessionUnderTest.MostOnTheWay);
    }

    [Fact]
    public async Task CallerDoesNotRead_TheUpstreamIsHeldBack()
    {
        await using var test = await SessionUnderTest.StartAsync();
        Assert.InRange(await test.Upstream.FillAsync(), 1, SessionUnderTest.MostOnTheWay);
    }

    [Fact]
    public async Task SecondCaller_WaitsForAConnection_AndIsServedWhenTheFirstHasLeft()
    {
        await using var test = await SessionUnderTest.StartAsync();
        using var second = await TcpPeer.ConnectAsync(test.Host.Port(0));
        await second.SendAsync("waiting");
        await Eventually.HoldsAsync(() => test.Host.Pool("any").Waiting == 1, "the second session to wait");
        test.Caller.Dispose();
        await test.Upstream.ExpectEndAsync();
        test.Upstream.Dispose();
        var upstream = await test.Server.ConnectionAsync();
        await upstream.ExpectAsync("waiting");
    }

    [Fact]
    public async Task CallerWhoWaitsAndResets_LeavesTheQueue()
    {
        await using var test = await SessionUnderTest.StartAsync();
        var second = await TcpPeer.ConnectAsync(test.Host.Port(0));
        await Eventually.HoldsAsync(() => test.Host.Pool("any").Waiting == 1, "the second session to wait");
        second.Reset();
        await Eventually.HoldsAsync(() => test.Host.Pool("any").Waiting == 0, "it to have left the queue");
    }

    [Fact]
    public async Task QueueIsFull_TheCallerIsReset()
    {
        await using var test = await SessionUnderTest.StartAsync(("any:Queue:MaxWaiters", "1"));
        using var second = await TcpPeer.ConnectAsync(test.Host.Port(0));
        await Eventually.HoldsAsync(() => test.Host.Pool("any").Waiting == 1, "the second session to wait");

        // The reset may come before the third caller knows that it is connected.
        var told = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var third = await TcpPeer.ConnectAsync(test.Host.Port(0));
            await third.ReadToEndAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(told.GetBaseException()).SocketErrorCode);
    }
}
