using System.Net;
using System.Text.Json;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Tests.Transports.JsonRpc;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Http;
using OrleansPool.Core.Transports.Tcp;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Core.Tests.Pooling.Health;

/// <summary>What probes ask over real sockets, and how they take the answer.</summary>
public sealed class HealthProbeTests
{
    [Theory]
    [InlineData(200, null)]
    [InlineData(302, null)]
    [InlineData(404, "GET /health was answered by the status 404")]
    [InlineData(503, "GET /health was answered by the status 503")]
    public async Task Http_IsJudgedByTheStatus(int status, string? expected)
    {
        await using var upstream = Http1Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Http1);
        var check = Ask(new CheckOptions { Kind = CheckKind.Http, Path = "/health" }, channel);
        var request = await upstream.RequestAsync();
        Assert.StartsWith("GET /health ", request.Line, StringComparison.Ordinal);
        await request.AnswerAsync(status);
        Assert.Equal(expected, await check.InTime("the verdict"));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 8, 1 }, null)]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 8, 2 }, "grpc.health.v1 says NOT_SERVING")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "grpc.health.v1 says UNKNOWN")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 8, 9 }, "grpc.health.v1 says something else")]
    public async Task Grpc_IsJudgedByTheState(byte[] answer, string? expected)
    {
        await using var upstream = Http2Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Grpc);
        var check = Ask(new CheckOptions { Kind = CheckKind.Grpc, Service = "ab" }, channel);
        var call = await (await upstream.ConnectionAsync()).CallAsync();
        Assert.Equal("2000m", call["grpc-timeout"]);
        Assert.Equal([0, 0, 0, 0, 4, 0x0a, 2, (byte)'a', (byte)'b'], await call.BodyAsync());
        await call.HeadAsync();
        await call.DataAsync(answer);
        await call.TrailersAsync(("grpc-status", "0"));
        Assert.Equal(expected, await check.InTime("the verdict"));
    }

    [Fact]
    public async Task Grpc_WithoutTheService_IsToldSo()
    {
        await using var upstream = Http2Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Grpc);
        var check = Ask(new CheckOptions { Kind = CheckKind.Grpc }, channel);
        await (await (await upstream.ConnectionAsync()).CallAsync()).HeadOnlyAsync(("grpc-status", "12"));
        Assert.Equal("grpc.health.v1 Check ended with the status 12: the server has no such service", await check.InTime("the verdict"));
    }

    [Fact]
    public async Task Connect_AsksNothing_AndFindsAConnectionThatThePeerClosed()
    {
        await using var upstream = Http1Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Http1);
        Assert.Null(await Ask(new CheckOptions { Kind = CheckKind.Connect }, channel));
        await upstream.DisposeAsync();
        await Eventually.HoldsAsync(async () => await Ask(new CheckOptions { Kind = CheckKind.Connect }, channel) is not null, "the check to find the end");
        Assert.Equal(0, upstream.Requests);
    }

    [Theory]
    [InlineData("+PONG\r\n", null)]
    [InlineData("+PONG and more\r\n", null)]
    [InlineData("-LOADING\r\n", "the reply of 10 bytes does not begin as Check:Expect says")]
    [InlineData("\r\n", "the reply of 2 bytes does not begin as Check:Expect says")]
    public async Task Exchange_IsJudgedByTheBeginningOfTheReply(string reply, string? expected)
    {
        await using var upstream = TcpUpstream.Start();
        using var channel = await OpenTcpAsync(upstream.Address);
        var peer = await upstream.ConnectionAsync();
        var check = Ask(new CheckOptions { Kind = CheckKind.Exchange, Send = @"PING\r\n", Expect = "+PONG" }, channel);
        await peer.ExpectAsync("PING\r\n");
        foreach (var piece in reply.Chunk(3)) await peer.SendAsync(new string(piece));
        Assert.Equal(expected, await check.InTime("the verdict"));

        // The connection stays, for calls and for the next check.
        Assert.True(channel.IsUsable());
    }

    [Fact]
    public async Task Exchange_WithoutAnExpectation_TakesAnyReply()
    {
        await using var upstream = TcpUpstream.Start();
        using var channel = await OpenTcpAsync(upstream.Address);
        var check = Ask(new CheckOptions { Kind = CheckKind.Exchange, Send = @"PING\r\n" }, channel);
        await (await upstream.ConnectionAsync()).SendAsync("-anything\r\n");
        Assert.Null(await check.InTime("the verdict"));
    }

    [Fact]
    public async Task Exchange_WhoseConnectionBreaks_FailsWithThat_AndTheConnectionIsOver()
    {
        await using var upstream = TcpUpstream.Start();
        using var channel = await OpenTcpAsync(upstream.Address);
        var peer = await upstream.ConnectionAsync();
        var check = Ask(new CheckOptions { Kind = CheckKind.Exchange, Send = @"PING\r\n", Expect = "+PONG" }, channel);
        await peer.ExpectAsync("PING\r\n");
        await peer.SendAsync("+PO");
        peer.Dispose();
        Assert.Contains("connection", await check.InTime("the verdict"), StringComparison.Ordinal);
        Assert.False(channel.IsUsable());
    }

    [Fact]
    public async Task Exchange_WhoseTimeIsUp_SpoilsTheConnection_SoThatTheReplyIsNobodyElses()
    {
        await using var upstream = TcpUpstream.Start();
        using var channel = await OpenTcpAsync(upstream.Address);
        var peer = await upstream.ConnectionAsync();
        using var time = new CancellationTokenSource();
        var check = HealthProbe.Of(new CheckOptions { Kind = CheckKind.Exchange, Send = @"PING\r\n" })!.CheckAsync(channel, time.Token).AsTask();
        await peer.ExpectAsync("PING\r\n");
        await time.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.InTime("the verdict"));
        Assert.False(channel.IsUsable());
    }

    [Theory]
    [InlineData(false, """{"jsonrpc":"2.0","id":1,"result":{"openrpc":"1.3"}}""", null)]
    [InlineData(false, """{"jsonrpc":"2.0","id":1,"result":null}""", null)]
    [InlineData(false, """{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"starting"}}""", "rpc.discover was answered by the error -32000")]
    [InlineData(false, """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}""", "it has no method rpc.discover; set Check:Method to one that it has, or Check:AcceptUnknownMethod")]
    [InlineData(true, """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}""", null)]
    [InlineData(true, """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}""", "rpc.discover was answered by the error -32603")]
    public async Task JsonRpc_IsJudgedByWhetherThereIsAnError(bool acceptsUnknown, string answer, string? expected)
    {
        using var test = new ChannelUnderTest();
        var check = Ask(new CheckOptions { Kind = CheckKind.JsonRpc, AcceptUnknownMethod = acceptsUnknown }, test.Channel);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}""", await test.ReceivedAsync());
        test.Send(answer);
        Assert.Equal(expected, await check.InTime("the verdict"));
    }

    [Fact]
    public async Task JsonRpc_AsksForTheMethodThatIsConfigured_AsItIsWritten()
    {
        using var test = new ChannelUnderTest();
        _ = Ask(new CheckOptions { Kind = CheckKind.JsonRpc, Method = "a\"b" }, test.Channel);
        using var sent = JsonDocument.Parse(await test.ReceivedAsync());
        Assert.Equal("a\"b", sent.RootElement.GetProperty("method").GetString());
    }

    [Fact]
    public async Task JsonRpc_WhoseConnectionEnds_FailsWithThat()
    {
        using var test = new ChannelUnderTest();
        var check = Ask(new CheckOptions { Kind = CheckKind.JsonRpc }, test.Channel);
        await test.ReceivedAsync();
        test.EndOfReplies();
        Assert.Contains("closed", await check.InTime("the verdict"), StringComparison.Ordinal);
    }

    private static Task<string?> Ask(CheckOptions options, TransportChannel channel) => HealthProbe.Of(options)!.CheckAsync(channel, default).AsTask();

    private static async Task<TransportChannel> OpenAsync(string address, Protocol protocol)
    {
        var transport = new HttpTransport(new HttpTransportSettings { Protocol = protocol, Tls = new TlsOptions() });
        return (await transport.ConnectAsync(Resolved(address), default)).Channel!;
    }

    // A line is a frame.
    private static async Task<TransportChannel> OpenTcpAsync(string address)
    {
        var framing = new Framings([]).Create(new TcpOptions { Framing = Framings.Delimiter, Delimiter = @"\r\n" });
        var transport = new TcpTransport(new TcpTransportSettings { Tls = new TlsOptions(), Time = TimeProvider.System, Framing = framing });
        return (await transport.ConnectAsync(Resolved(address), default)).Channel!;
    }

    private static ResolvedAddress Resolved(string address)
    {
        var endPoint = IPEndPoint.Parse(address);
        return new ResolvedAddress(new UpstreamAddress(endPoint.Address.ToString(), endPoint.Port), endPoint);
    }
}
