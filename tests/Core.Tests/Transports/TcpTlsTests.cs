using System.Net.Security;
using System.Text;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.JsonRpc;
using OrleansPool.Testing.Tcp;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>TLS to TCP and JSON-RPC upstreams: connections are used again as without, and no protocol is asked for by ALPN.</summary>
public sealed class TcpTlsTests : IAsyncLifetime
{
    private const string Host = "cache.test";

    private readonly TestCertificates _certificates = new();
    private readonly TcpUpstream _upstream = TcpUpstream.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _certificates.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exchanges_OneAfterAnother_ShareOneConnection_ThoughSessionTicketsLieUnread(bool isPipelined)
    {
        await using var front = TlsFront.Start(_upstream.Address, _certificates.Server(Host), SslApplicationProtocol.Http2);
        await using var test = await StartAsync(front, Protocol.Tcp, o => o.Tcp.Pipelining = isPipelined);
        TcpPeer? peer = null;
        for (var n = 0; n < 3; n++)
        {
            var call = ExchangeAsync(test, $"ask {n}\n");
            peer ??= await _upstream.ConnectionAsync();
            await peer.ExpectAsync($"ask {n}\n");
            await peer.SendAsync($"reply {n}\n");
            Assert.Equal($"reply {n}\n", Encoding.ASCII.GetString((await call.Answered()).Body));
        }

        // The front offers HTTP/2; whoever asks for nothing gets nothing.
        Assert.Equal((1, Host, ""), (front.Accepted, Assert.Single(front.Names), Assert.Single(front.Protocols)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BytesWhileIdle_EndTheConnection_AndNobodyGetsThem(bool isPipelined)
    {
        await using var front = TlsFront.Start(_upstream.Address, _certificates.Server(Host));
        await using var test = await StartAsync(front, Protocol.Tcp, o => (o.Tcp.Pipelining, o.Pool.IdleTimeout) = (isPipelined, TimeSpan.Zero));
        var call = ExchangeAsync(test, "ask\n");
        var peer = await _upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("reply\n");
        await call.Answered();
        await peer.SendAsync("stray\n");

        // Found by the channel's own reading, or by the look once a second.
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().Connections == 0, "the connection to be closed");
    }

    [Fact]
    public async Task Session_BytesPassBothWays()
    {
        await using var front = TlsFront.Start(_upstream.Address, _certificates.Server(Host));
        await using var test = await StartAsync(front, Protocol.Tcp);
        var body = new System.IO.Pipelines.Pipe();
        var call = test.SendAsync(new CallRequest { Method = TcpMethods.Session, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, BodyReader = body.Reader });
        var peer = await _upstream.ConnectionAsync();
        await peer.SendAsync("welcome");
        var response = await call.Begun();
        var buffer = new byte[100];
        Assert.Equal(7, (await response.ReadAsync(buffer).InTime("the welcome")).Count);
        await body.Writer.WriteAsync("word"u8.ToArray());
        await peer.ExpectAsync("word");
        peer.Dispose();
        Assert.True((await response.ReadAsync(buffer).InTime("the end")).IsEnd);
        await response.DisposeAsync();
    }

    [Fact]
    public async Task JsonRpc_Calls_ShareOneConnection()
    {
        await using var server = new JsonRpcUpstream();
        await using var front = TlsFront.Start(server.Address, _certificates.Server(Host));
        await using var test = await StartAsync(front, Protocol.JsonRpc);
        for (var n = 0; n < 3; n++)
        {
            var call = new CallRequest
            {
                Method = JsonRpcMethods.Call, Target = "/sum", Headers = new HeaderBlock(0), HasBody = true, Body = Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","method":"sum","params":[{{n}},1],"id":7}"""),
            };
            Assert.Equal($$"""{"jsonrpc":"2.0","result":{{n + 1}},"id":7}""", Encoding.ASCII.GetString((await test.SendAsync(call).Answered()).Body));
        }

        Assert.Equal((1, ""), (front.Accepted, Assert.Single(front.Protocols)));
    }

    [Theory]
    [InlineData(Protocol.Tcp)]
    [InlineData(Protocol.JsonRpc)]
    public async Task Certificate_OfAnotherName_IsRefused(Protocol protocol)
    {
        await using var front = TlsFront.Start(_upstream.Address, _certificates.Server("other.test"));
        await using var test = await StartAsync(front, protocol);
        var call = protocol == Protocol.Tcp
            ? ExchangeAsync(test, "ask\n")
            : test.SendAsync(new CallRequest { Method = JsonRpcMethods.Call, Target = "/m", Headers = new HeaderBlock(0), HasBody = true, Body = """{"jsonrpc":"2.0","method":"m","id":1}"""u8.ToArray() });
        var failure = await call.Failed(FailureCode.TlsFailed);
        Assert.Contains("NameMismatch", failure.Detail, StringComparison.Ordinal);
        Assert.Equal((true, 0), (failure.IsRetryable, test.Endpoint.Snapshot().Connections));
    }

    private Task<EndpointUnderTest> StartAsync(TlsFront front, Protocol protocol, Action<EndpointOptions>? configure = null) => EndpointUnderTest.StartAsync(
        $"{Host}:{front.Port}",
        protocol,
        options =>
        {
            options.Tls = new() { Enabled = true, CaFile = _certificates.CaFile };
            (options.Pool.Max, options.Pool.ConnectAttempts) = (1, 1);
            if (protocol == Protocol.Tcp) (options.Tcp.Framing, options.Tcp.Delimiter) = ("delimiter", "\\n");
            configure?.Invoke(options);
        },
        new ScriptedResolver().Answer(Host, "127.0.0.1"));

    private static Task<CallResult> ExchangeAsync(EndpointUnderTest test, string frame) => test.SendAsync(
        new CallRequest { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, Body = Encoding.ASCII.GetBytes(frame) });
}
