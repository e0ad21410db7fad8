using System.IO.Pipelines;
using System.Text;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>HTTP/1.1 as it stands on the wire, both ways.</summary>
public class Http1MessageTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private EndpointUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await EndpointUnderTest.StartAsync(_upstream.Address, Protocol.Http1);

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Request_WithoutABody_IsLineHostAndHeadersInOrder()
    {
        const string target = "/a/%2e%2e/b//c;d=%C3%A4?q=%20x|y&z";
        var call = _test.GetAsync(target, headers: [("x-first", "1"), ("x-bytes", "caf\u00e9\u00ff"), ("Accept", "*/*")]);
        var request = await _upstream.RequestAsync();
        Assert.Equal($"GET {target} HTTP/1.1", request.Line);
        Assert.Equal([("x-first", "1"), ("x-bytes", "caf\u00e9\u00ff"), ("Accept", "*/*")], request.Headers.Where(h => h.Name != "Host"));
        Assert.Equal(_upstream.Address, request["Host"]);
        Assert.Empty(await request.BodyAsync());
        await request.AnswerAsync();
        await call.Answered();
    }

    [Fact]
    public async Task RequestHeaders_HopByHop_AreDropped()
    {
        var call = _test.GetAsync("/", headers:
        [
            ("connection", "close, x-private"), ("keep-alive", "5"), ("proxy-authorization", "secret"), ("transfer-encoding", "chunked"), ("upgrade", "h2c"),
            ("host", "elsewhere"), ("expect", "100-continue"), ("x-private", "mine"), ("te", "gzip"), ("x-stays", "1"),
        ]);
        var request = await _upstream.RequestAsync();
        Assert.Equal(["Host", "x-stays"], request.Headers.Select(h => h.Name).Order(StringComparer.Ordinal));
        Assert.Equal(_upstream.Address, request["host"]);
        await request.AnswerAsync();
        await call.Answered();
    }

    [Fact]
    public async Task Te_TrailersAmongTransferCodings_PassesAlone()
    {
        var call = _test.GetAsync("/", headers: [("te", "gzip, trailers;q=0.5")]);
        var request = await _upstream.RequestAsync();
        Assert.Equal("trailers", request["te"]);
        await request.AnswerAsync();
        await call.Answered();
    }

    [Fact]
    public async Task Authority_Configured_IsSentAsHost()
    {
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, Protocol.Http1, o => o.Authority = "billing.internal");
        var call = test.GetAsync();
        var request = await _upstream.RequestAsync();
        Assert.Equal("billing.internal", request["Host"]);
        await request.AnswerAsync();
        await call.Answered();
    }

    [Theory]
    [InlineData("POST", 300)]
    [InlineData("PUT", 100_000)]
    [InlineData("PATCH", 0)]
    [InlineData("DELETE", 1)]
    public async Task RequestBody_Whole_IsSentWithItsLength(string method, int length)
    {
        var body = Bytes(length);
        var call = _test.SendAsync(Request(method, body));
        var request = await _upstream.RequestAsync();
        Assert.Equal(body, await request.BodyAsync());
        Assert.Equal((length.ToString(), null), (request["content-length"], request["transfer-encoding"]));
        await request.AnswerAsync();
        await call.Answered();
    }

    [Fact]
    public async Task RequestBody_StreamedWithoutALength_GoesInChunksAsItComes()
    {
        var body = new Pipe();
        var call = _test.SendAsync(Request("POST", body.Reader));
        await body.Writer.WriteAsync("first"u8.ToArray());
        var request = await _upstream.RequestAsync();
        Assert.Equal(("chunked", null), (request["transfer-encoding"], request["content-length"]));
        Assert.Equal("first"u8.ToArray(), await request.PieceAsync());
        await body.Writer.WriteAsync("second"u8.ToArray());
        Assert.Equal("second"u8.ToArray(), await request.PieceAsync());
        await body.Writer.CompleteAsync();
        Assert.Empty(await request.PieceAsync());
        await request.AnswerAsync("ok");
        await call.Answered();
    }

    [Fact]
    public async Task RequestBody_StreamedWithALength_KeepsIt()
    {
        var body = new Pipe();
        var call = _test.SendAsync(Request("POST", body.Reader, ("content-length", "6")));
        await body.Writer.WriteAsync("sixsix"u8.ToArray());
        await body.Writer.CompleteAsync();
        var request = await _upstream.RequestAsync();
        Assert.Equal("sixsix"u8.ToArray(), await request.BodyAsync());
        Assert.Equal(("6", null), (request["content-length"], request["transfer-encoding"]));
        await request.AnswerAsync();
        await call.Answered();
    }

    [Fact]
    public async Task Answer_OfKnownLength_PassesWithHeadersUnchanged()
    {
        var call = _test.GetAsync();
        var request = await _upstream.RequestAsync();
        await request.Connection.SendAsync(
            "HTTP/1.1 207 Multi\r\nX-Twice: a\r\nContent-Length: 5\r\nX-Twice: b\r\nContent-Type: text/plain; x=\"\u00fc\"\r\nSet-Cookie: s=1, 2\r\nSet-Cookie: t=3\r\nX-Empty:\r\n\r\nhello");
        var (response, body) = await call.Answered();
        Assert.Equal((207, "hello"), (response.Status, Encoding.Latin1.GetString(body)));
        Assert.Equal(["a", "b"], response.Headers.All("x-twice"));
        Assert.Equal(["s=1, 2", "t=3"], response.Headers.All("set-cookie"));
        Assert.Equal(["text/plain; x=\"\u00fc\""], response.Headers.All("content-type"));
        Assert.Equal(["5"], response.Headers.All("content-length"));
        Assert.Equal([""], response.Headers.All("x-empty"));
    }

    [Fact]
    public async Task AnswerHeaders_HopByHop_AreDropped()
    {
        var call = _test.GetAsync();
        await (await _upstream.RequestAsync()).AnswerAsync("", "Connection: X-Private", "X-Private: 1", "Keep-Alive: timeout=5", "Upgrade: h2c", "Proxy-Authenticate: Basic", "Alt-Svc: h3", "X-Stays: 1");
        var (response, _) = await call.Answered();
        Assert.Equal(["Content-Length", "X-Stays"], Enumerable.Range(0, response.Headers.Count).Select(at => response.Headers[at].Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Answer_InChunks_PassesPieceByPieceWithItsTrailers()
    {
        var call = _test.GetAsync();
        var request = await _upstream.RequestAsync();
        await request.Connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        var response = await call.Begun();
        Assert.Equal("one", await PieceAsync(response));
        await request.Connection.SendAsync("7;ext=1\r\n\r\ntwo\r\n\r\n");
        Assert.Equal("\r\ntwo\r\n", await PieceAsync(response));
        await request.Connection.SendAsync("0\r\nX-Sum: 42\r\n\r\n");
        Assert.True((await response.ReadAsync(new byte[10]).InTime("the end")).IsEnd);
        Assert.Equal(["42"], response.Trailers.All("x-sum"));
        Assert.Empty(response.Headers.All("transfer-encoding"));
        Assert.Equal(1, _test.Endpoint.Snapshot().Idle);
        await response.DisposeAsync();
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 200)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", 304)]
    [InlineData("GET", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404)]
    public async Task Answer_WithoutABody_EndsWithItsHead_AndTheConnectionIsUsedOn(string method, string answer, int status)
    {
        var call = _test.SendAsync(new CallRequest { Method = method, Target = "/", Headers = new HeaderBlock() });
        var connection = await _upstream.ConnectionAsync();
        Assert.Equal($"{method} / HTTP/1.1", (await connection.RequestAsync()).Line);
        await connection.SendAsync(answer);
        var (response, body) = await call.Answered();
        Assert.Equal((status, 0), (response.Status, body.Length));
        var next = _test.GetAsync("/next");
        await (await connection.RequestAsync()).AnswerAsync("next");
        await next.Answered();
        Assert.Equal(1, _upstream.Accepted);
    }

    [Fact]
    public async Task Answer_WithoutALength_EndsWithItsConnection()
    {
        var call = _test.GetAsync();
        var request = await _upstream.RequestAsync();
        await request.Connection.SendAsync("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        request.Connection.HalfClose();
        var (_, body) = await call.Answered();
        Assert.Equal("until the end", Encoding.Latin1.GetString(body));
        await Eventually.HoldsAsync(() => _test.Endpoint.Snapshot().Connections == 0, "the connection to be given up");
    }

    [Fact]
    public async Task Answer_AfterAnInformationalOne_IsTheAnswer()
    {
        var call = _test.GetAsync();
        var request = await _upstream.RequestAsync();
        await request.Connection.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal("ok", Encoding.Latin1.GetString((await call.Answered()).Body));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nno colon here\r\n\r\nhello")]
    public async Task Answer_Garbage_IsAProtocolErrorOfTheUpstream_AndTheConnectionIsGivenUp(string garbage)
    {
        var call = _test.GetAsync();
        var request = await _upstream.RequestAsync();
        await request.Connection.SendAsync(garbage);
        var failure = await call.Failed(FailureCode.UpstreamProtocolError);
        Assert.Equal((Party.Upstream, false), (failure.Party, failure.IsRetryable));
        await request.Connection.ClosedAsync();
        await Eventually.HoldsAsync(() => _test.Endpoint.Snapshot() is { Connections: 0, InFlight: 0 }, "the connection to be given up");
        Assert.Equal(1, _upstream.Requests);
    }

    [Fact]
    public async Task AnswerChunks_Garbage_IsAProtocolErrorMidBody()
    {
        var call = _test.GetAsync();
        var request = await _upstream.RequestAsync();
        await request.Connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        await using var response = await call.Begun();
        Assert.Equal("one", await PieceAsync(response));
        await request.Connection.SendAsync("zzz\r\n");
        Assert.Equal(FailureCode.UpstreamProtocolError, (await response.ReadAsync(new byte[10]).InTime("the failure")).Failure?.Code);
    }

    private static async Task<string> PieceAsync(CallResponse response)
    {
        var buffer = new byte[100];
        var read = await response.ReadAsync(buffer).InTime("a piece of the body");
        Assert.Null(read.Failure);
        return Encoding.Latin1.GetString(buffer, 0, read.Count);
    }

    private static CallRequest Request(string method, byte[] body) => new() { Method = method, Target = "/", Headers = new HeaderBlock(), HasBody = true, Body = body };

    private static CallRequest Request(string method, PipeReader body, params (string Name, string Value)[] headers)
    {
        var block = new HeaderBlock();
        foreach (var (name, value) in headers) block.Add(name, value);
        return new CallRequest { Method = method, Target = "/", Headers = block, HasBody = true, BodyReader = body };
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(n => (byte)(n * 7))];
}
