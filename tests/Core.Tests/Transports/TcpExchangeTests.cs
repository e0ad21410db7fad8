using System.Text;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Frames exchanged over TCP: when a connection is used again, when never, and what is told of a call that may have reached the upstream.</summary>
public class TcpExchangeTests
{
    [Fact]
    public async Task Exchanges_OneAfterAnother_ShareOneConnection()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var first = ExchangeAsync(test, "ask 0\n");
        var peer = await upstream.ConnectionAsync();
        await AnswerAsync(peer, first, "ask 0\n", "reply 0\n");
        for (var n = 1; n < 5; n++) await AnswerAsync(peer, ExchangeAsync(test, $"ask {n}\n"), $"ask {n}\n", $"reply {n}\n");
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task Reply_InManyPieces_ComesWhole_AndTheConnectionIsUsedAgain()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        var reply = new string('x', 100_000) + "\n";
        var sending = Task.Run(async () =>
        {
            foreach (var piece in reply.Chunk(7_001)) await peer.SendAsync(new string(piece));
        });
        Assert.Equal(reply, Encoding.Latin1.GetString((await call.Answered()).Body));
        await sending;
        await AnswerAsync(peer, ExchangeAsync(test, "again\n"), "again\n", "yes\n");
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task BytesBehindTheReply_EndTheConnection_AndNobodyGetsThem()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await AnswerAsync(peer, call, "ask\n", "reply\n", sent: "reply\nstray\n");
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task BytesWhileIdle_EndTheConnection_AndNobodyGetsThem()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await AnswerAsync(peer, call, "ask\n", "reply\n");
        await peer.SendAsync("stray\n");
        await AnsweredOnANewConnectionAsync(upstream, test);
        await peer.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClosedWhileIdle_TheNextCallTakesANewConnection(bool isReset)
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await AnswerAsync(peer, call, "ask\n", "reply\n");
        if (isReset) peer.Reset();
        else peer.Dispose();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClosedAfterTheRequestLeft_IsToldAsMaybeSent_AndNotRepeated(bool isReset)
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        if (isReset) peer.Reset();
        else peer.Dispose();
        Assert.False((await call.Failed(FailureCode.UpstreamClosed)).IsRetryable);
        Assert.Equal(1, upstream.Accepted);
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task ClosedWithinTheReply_IsTold_AndTheConnectionIsNotUsedAgain()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("rep");
        var response = await call.Begun();
        Assert.Equal(3, (await response.ReadAsync(new byte[10])).Count);
        peer.Dispose();
        Assert.Equal(FailureCode.UpstreamClosed, (await response.ReadAsync(new byte[10]).InTime("the end")).Failure?.Code);
        await response.DisposeAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task CallerLeavesBeforeTheReply_EndsTheConnection()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        using var caller = new CancellationTokenSource();
        var call = ExchangeAsync(test, "ask\n", caller.Token);
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await caller.CancelAsync();
        await call.Failed(FailureCode.CallerCancelled);
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task CallerLeavesWithinTheReply_EndsTheConnection()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("rep");
        await (await call.Begun()).DisposeAsync();
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task DeadlinePasses_EndsTheConnection()
    {
        await using var upstream = TcpUpstream.Start();
        var clock = new ManualTimeProvider();
        await using var test = await StartAsync(upstream, o => o.Limits.DefaultDeadline = TimeSpan.FromSeconds(3), clock);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        clock.Advance(TimeSpan.FromSeconds(4));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task ReplyThatBreaksTheFraming_IsTold_AndEndsTheConnection()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream, o => o.Tcp.MaxFrameBytes = 10);
        var call = ExchangeAsync(test, "ask\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("more than ten\n");
        var failure = await call.Failed(FailureCode.UpstreamProtocolError);
        Assert.Equal("A frame has 14 bytes or more; at most 10 are allowed. Check Tcp:Framing, and Tcp:MaxFrameBytes.", failure.Detail);
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Theory]
    [InlineData("", "The request is empty")]
    [InlineData("ask", "The request ends before its frame does")]
    [InlineData("ask\nmore", "There are bytes behind the request's frame")]
    [InlineData("longer than twenty bytes\n", "A frame has 25 bytes or more; at most 20 are allowed")]
    public async Task Request_ThatIsNotOneFrame_IsRefused_AndTakesNoConnection(string request, string reason)
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream, o => o.Tcp.MaxFrameBytes = 20);
        var failure = await ExchangeAsync(test, request).Failed(FailureCode.RequestInvalid);
        Assert.StartsWith($"{reason}. ", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(0, upstream.Accepted);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("EXCHANGE", "/other")]
    public async Task Request_ThatIsHttp_IsRefused(string method, string target)
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        await test.SendAsync(new CallRequest { Method = method, Target = target, Headers = new HeaderBlock(0), HasBody = true, Body = "ask\n"u8.ToArray() }).Failed(FailureCode.RequestInvalid);
    }

    [Fact]
    public async Task Exchange_WithoutFraming_IsRefused()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream, o => (o.Tcp.Framing, o.Tcp.Delimiter) = (null, null));
        await ExchangeAsync(test, "ask\n").Failed(FailureCode.RequestInvalid);
    }

    private static Task<EndpointUnderTest> StartAsync(TcpUpstream upstream, Action<EndpointOptions>? configure = null, TimeProvider? time = null) =>
        EndpointUnderTest.StartAsync(upstream.Address, Protocol.Tcp, options =>
        {
            options.Pool.Max = 1;
            (options.Tcp.Framing, options.Tcp.Delimiter) = ("delimiter", "\\n");
            configure?.Invoke(options);
        }, time: time);

    private static Task<CallResult> ExchangeAsync(EndpointUnderTest test, string frame, CancellationToken caller = default) => test.SendAsync(
        new CallRequest { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, Body = Encoding.Latin1.GetBytes(frame) }, caller);

    private static async Task AnswerAsync(TcpPeer peer, Task<CallResult> call, string request, string reply, string? sent = null)
    {
        await peer.ExpectAsync(request);
        await peer.SendAsync(sent ?? reply);
        Assert.Equal(reply, Encoding.Latin1.GetString((await call.Answered()).Body));
    }

    private static async Task AnsweredOnANewConnectionAsync(TcpUpstream upstream, EndpointUnderTest test)
    {
        var call = ExchangeAsync(test, "anew\n");
        await AnswerAsync(await upstream.ConnectionAsync(), call, "anew\n", "here\n");
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot() is { Connections: 1, Idle: 1, InFlight: 0 }, "one connection, idle");
    }
}
