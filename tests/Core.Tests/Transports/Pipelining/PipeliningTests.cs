using System.Text;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Core.Tests.Transports.Pipelining;

/// <summary>Many exchanges on one TCP connection: replies in order, and what becomes of the others when one ends early.</summary>
public class PipeliningTests
{
    [Fact]
    public async Task Exchanges_AtOnce_ShareOneConnection_AndGetTheirRepliesInOrder()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var (peer, calls) = await AskAsync(upstream, test, 3);
        await peer.SendAsync("reply 0\nreply 1\nrep");
        Assert.Equal("reply 0\n", await ReplyOf(calls[0]));
        Assert.Equal("reply 1\n", await ReplyOf(calls[1]));
        await peer.SendAsync("ly 2\n");
        Assert.Equal("reply 2\n", await ReplyOf(calls[2]));
        await AnsweredAsync(peer, test);
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task CallerLeaves_ThoseBeforeAreAnswered_ThoseBehindMayHaveBeenSent_AndTheConnectionCloses()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        using var caller = new CancellationTokenSource();
        var (peer, calls) = await AskAsync(upstream, test, 4, leaving: 1, caller.Token);
        await caller.CancelAsync();
        await calls[1].Failed(FailureCode.CallerCancelled);
        Assert.False((await calls[2].Failed(FailureCode.PipelineCut)).IsRetryable);
        await calls[3].Failed(FailureCode.PipelineCut);
        await peer.SendAsync("reply 0\nreply 1\n");
        Assert.Equal("reply 0\n", await ReplyOf(calls[0]));
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
        Assert.Equal(1, test.Endpoint.Snapshot().Totals.Closed[CloseReason.CutShort]);
    }

    [Fact]
    public async Task DeadlinePasses_EndsTheConnection()
    {
        await using var upstream = TcpUpstream.Start();
        var clock = new ManualTimeProvider();
        await using var test = await StartAsync(upstream, o => o.Limits.DefaultDeadline = TimeSpan.FromSeconds(3), clock);
        var (peer, calls) = await AskAsync(upstream, test, 1);
        clock.Advance(TimeSpan.FromSeconds(4));
        await calls[0].Failed(FailureCode.DeadlineAtUpstream);
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task CallBehindOneThatEnds_AndNotSentYet_IsSentElsewhere()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream, o => o.Tcp.MaxFrameBytes = 100_000_000);
        using var caller = new CancellationTokenSource();

        // More than the buffers on the way take, so that its write stays under way.
        var first = ExchangeAsync(test, new string('q', 50_000_000) + "\n", caller.Token);
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("qqq");
        var second = ExchangeAsync(test, "second\n");
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().InFlight == 2, "both to be on the connection");
        await caller.CancelAsync();
        await first.Failed(FailureCode.CallerCancelled);
        var other = await upstream.ConnectionAsync();
        await other.ExpectAsync("second\n");
        await other.SendAsync("reply\n");
        Assert.Equal("reply\n", await ReplyOf(second));
    }

    [Theory]
    [InlineData("reply 0\nreply 1\nstray\n")]
    [InlineData("reply 0\nreply 1\nstr")]
    public async Task BytesBehindTheLastReply_EndTheConnection_AndNobodyGetsThem(string sent)
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var (peer, calls) = await AskAsync(upstream, test, 2);
        await peer.SendAsync(sent);
        Assert.Equal("reply 0\n", await ReplyOf(calls[0]));
        Assert.Equal("reply 1\n", await ReplyOf(calls[1]));
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task BytesWhileIdle_EndTheConnection_AndNobodyGetsThem()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var (peer, calls) = await AskAsync(upstream, test, 1);
        await peer.SendAsync("reply 0\n");
        await ReplyOf(calls[0]);
        await peer.SendAsync("stray\n");
        await AnsweredOnANewConnectionAsync(upstream, test);
        await peer.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UpstreamCloses_AllThatWereSentMayHaveBeenProcessed(bool isReset)
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var (peer, calls) = await AskAsync(upstream, test, 3);
        await peer.SendAsync("reply 0\n");
        Assert.Equal("reply 0\n", await ReplyOf(calls[0]));
        if (isReset) peer.Reset();
        else peer.Dispose();
        Assert.False((await calls[1].Failed(FailureCode.UpstreamClosed)).IsRetryable);
        Assert.False((await calls[2].Failed(FailureCode.UpstreamClosed)).IsRetryable);
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task ReplyThatBreaksTheFraming_EndsTheConnection()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream, o => o.Tcp.MaxFrameBytes = 10);
        var (peer, calls) = await AskAsync(upstream, test, 2);
        await peer.SendAsync("more than ten\n");
        await calls[0].Failed(FailureCode.UpstreamProtocolError);
        await calls[1].Failed(FailureCode.UpstreamProtocolError);
        await peer.ExpectClosedAsync();
        await AnsweredOnANewConnectionAsync(upstream, test);
    }

    [Fact]
    public async Task RequestThatIsStillArriving_HoldsUpNobody_AndLeavesWhole()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        var body = new System.IO.Pipelines.Pipe();
        await body.Writer.WriteAsync("slow"u8.ToArray());
        var slow = test.SendAsync(new CallRequest { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, BodyReader = body.Reader });
        var quick = ExchangeAsync(test, "quick\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("quick\n");
        await peer.SendAsync("at once\n");
        Assert.Equal("at once\n", await ReplyOf(quick));
        await body.Writer.WriteAsync("ly\n"u8.ToArray());
        await body.Writer.CompleteAsync();
        await peer.ExpectAsync("slowly\n");
        await peer.SendAsync("at last\n");
        Assert.Equal("at last\n", await ReplyOf(slow));
    }

    [Fact]
    public async Task Session_IsRefused()
    {
        await using var upstream = TcpUpstream.Start();
        await using var test = await StartAsync(upstream);
        await test.SendAsync(new CallRequest { Method = TcpMethods.Session, Target = TcpMethods.Target, Headers = new HeaderBlock(0) }).Failed(FailureCode.RequestInvalid);
    }

    [Fact]
    public void CallsPerChannel_WithoutANumber_Is16()
    {
        var options = new EndpointOptions { Protocol = Protocol.Tcp, Tcp = { Pipelining = true } };
        Assert.Equal((16, 160), (options.CallsPerChannel, options.Bounds.Ceiling));
    }

    private static Task<EndpointUnderTest> StartAsync(TcpUpstream upstream, Action<EndpointOptions>? configure = null, TimeProvider? time = null) =>
        EndpointUnderTest.StartAsync(upstream.Address, Protocol.Tcp, options =>
        {
            options.Pool.Max = 1;
            (options.Tcp.Framing, options.Tcp.Delimiter, options.Tcp.Pipelining) = ("delimiter", "\\n", true);
            configure?.Invoke(options);
        }, time: time);

    private static Task<CallResult> ExchangeAsync(EndpointUnderTest test, string frame, CancellationToken caller = default) => test.SendAsync(
        new CallRequest { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, Body = Encoding.Latin1.GetBytes(frame) }, caller);

    private static async Task<string> ReplyOf(Task<CallResult> call) => Encoding.Latin1.GetString((await call.Answered()).Body);

    // Calls with the requests "ask 0", "ask 1", ..., all of them at the upstream.
    private static async Task<(TcpPeer Peer, Task<CallResult>[] Calls)> AskAsync(TcpUpstream upstream, EndpointUnderTest test, int count, int leaving = -1, CancellationToken caller = default)
    {
        var calls = new Task<CallResult>[count];
        calls[0] = ExchangeAsync(test, "ask 0\n", leaving == 0 ? caller : default);
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask 0\n");
        for (var at = 1; at < count; at++)
        {
            calls[at] = ExchangeAsync(test, $"ask {at}\n", at == leaving ? caller : default);
            await peer.ExpectAsync($"ask {at}\n");
        }

        return (peer, calls);
    }

    private static async Task AnsweredAsync(TcpPeer peer, EndpointUnderTest test)
    {
        var call = ExchangeAsync(test, "again\n");
        await peer.ExpectAsync("again\n");
        await peer.SendAsync("here\n");
        Assert.Equal("here\n", await ReplyOf(call));
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot() is { Connections: 1, Idle: 1, InFlight: 0 }, "one connection, idle");
    }

    private static async Task AnsweredOnANewConnectionAsync(TcpUpstream upstream, EndpointUnderTest test)
    {
        var call = ExchangeAsync(test, "anew\n");
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("anew\n");
        await peer.SendAsync("here\n");
        Assert.Equal("here\n", await ReplyOf(call));
    }
}
