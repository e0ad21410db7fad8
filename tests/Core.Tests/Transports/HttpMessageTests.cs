using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>What passes and what does not: the rules of an intermediary.</summary>
public class HttpMessageTests : IAsyncLifetime
{
    private readonly Http2Upstream _upstream = Http2Upstream.Start();
    private EndpointUnderTest _test = null!;

    public async Task InitializeAsync() => _test = await EndpointUnderTest.StartAsync(_upstream.Address);

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task RequestHeaders_EndToEnd_PassUnchangedAndInOrder()
    {
        var call = _test.CallAsync(headers: [("x-first", "1"), ("user-agent", "grpc-test/1.0 (odd; agent)"), ("x-bytes", "caf\u00e9\u00ff"), ("x-empty", "")]);
        var request = await RequestAsync();
        Assert.Equal(("1", "grpc-test/1.0 (odd; agent)", "caf\u00e9\u00ff", ""), (request["x-first"], request["user-agent"], request["x-bytes"], request["x-empty"]));
        Assert.Equal(["x-first", "user-agent", "x-bytes", "x-empty", "te", "content-type"], request.Headers.Select(h => h.Name).Where(n => !n.StartsWith(':')));
        await FinishAsync(request, call);
    }

    [Fact]
    public async Task RequestHeaders_HopByHop_AreDropped_AndTeKeepsTrailers()
    {
        var call = _test.CallAsync(headers:
        [
            ("connection", "keep-alive, x-private"), ("keep-alive", "5"), ("proxy-authorization", "secret"), ("proxy-connection", "x"), ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"), ("http2-settings", "AAA"), ("alt-svc", "h3"), ("x-private", "mine"), ("host", "elsewhere"), ("expect", "100-continue"), ("x-stays", "1"),
        ]);
        var request = await RequestAsync();
        Assert.Equal(["x-stays", "te", "content-type"], request.Headers.Select(h => h.Name).Where(n => !n.StartsWith(':')));
        Assert.Equal("trailers", request["te"]);
        await FinishAsync(request, call);
    }

    [Fact]
    public async Task PseudoHeaders_NameTheUpstreamAndThePathByteForByte()
    {
        const string target = "/a/%2e%2e/b//c;d=%C3%A4?q=%20x|y&z";
        var call = _test.SendAsync(new CallRequest { Method = "POST", Target = target, Headers = EndpointUnderTest.Request([]).Headers, HasBody = true });
        var request = await RequestAsync();
        Assert.Equal(("POST", "http", _upstream.Address), (request[":method"], request[":scheme"], request[":authority"]));
        Assert.Equal(target, request[":path"]);
        await FinishAsync(request, call);
    }

    [Fact]
    public async Task Authority_Configured_IsSentInstead()
    {
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, configure: o => o.Authority = "billing.internal");
        var call = test.CallAsync();
        var request = await RequestAsync();
        Assert.Equal("billing.internal", request[":authority"]);
        await FinishAsync(request, call);
    }

    [Fact]
    public async Task RequestBody_Whole_PassesByteForByteWithoutALengthOfOurs()
    {
        var body = Enumerable.Range(0, 300).Select(n => (byte)n).ToArray();
        var call = _test.SendAsync(EndpointUnderTest.Request(body));
        var request = await RequestAsync();
        Assert.Equal(body, await request.BodyAsync());
        Assert.Null(request["content-length"]);
        await FinishAsync(request, call);
    }

    [Fact]
    public async Task RequestWithoutABody_HasNone()
    {
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, Protocol.Http2);
        var call = test.GetAsync("/x");
        var request = await RequestAsync();
        Assert.Empty(await request.BodyAsync());
        await request.HeadOnlyAsync();
        await call.Answered();
    }

    [Fact]
    public async Task Response_HeadersBodyTrailers_PassUnchanged_RepeatedNamesApart()
    {
        var call = _test.CallAsync();
        var request = await RequestAsync();
        await request.HeadAsync(("content-type", "application/grpc+proto"), ("x-twice", "a"), ("x-twice", "b"), ("x-bytes", "\u00fc"), ("x-bin", "AQI,Aw"));
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 1, 42 });
        await request.TrailersAsync(("grpc-status", "3"), ("grpc-message", "not%20good"), ("x-t", "1"), ("x-t", "2"), ("t-bin", "q6ur"));
        var (response, body) = await call.Answered();
        Assert.Equal([0, 0, 0, 0, 1, 42], body);
        Assert.Equal(["a", "b"], response.Headers.All("x-twice"));
        Assert.Equal(["\u00fc"], response.Headers.All("x-bytes"));
        Assert.Equal(["AQI,Aw"], response.Headers.All("x-bin"));
        Assert.Equal(["application/grpc+proto"], response.Headers.All("content-type"));
        Assert.Equal(["3"], response.Trailers.All("grpc-status"));
        Assert.Equal(["not%20good"], response.Trailers.All("grpc-message"));
        Assert.Equal(["q6ur"], response.Trailers.All("t-bin"));
        Assert.Equal(["1", "2"], response.Trailers.All("x-t"));
    }

    [Fact]
    public async Task Response_TrailersOnly_KeepsItsStatusAmongTheHeaders()
    {
        var call = _test.CallAsync();
        var request = await RequestAsync();
        await request.HeadOnlyAsync(("content-type", "application/grpc"), ("grpc-status", "5"), ("grpc-message", "gone"));
        var (response, body) = await call.Answered();
        Assert.Equal(["5"], response.Headers.All("grpc-status"));
        Assert.Equal((0, 0), (response.Trailers.Count, body.Length));
    }

    [Fact]
    public async Task GrpcTimeout_IsForwardedLessTheTimeSpentInTheQueue()
    {
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, permits: 1);
        var first = test.CallAsync();
        var holding = await RequestAsync();
        var began = TimeProvider.System.GetTimestamp();
        var second = test.CallAsync(headers: ("grpc-timeout", "10S"));
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().OldestWait > TimeSpan.FromMilliseconds(20), "the second call to have waited");
        await FinishAsync(holding, first);
        var waited = await RequestAsync(sameConnection: true);
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        Assert.True(Core.Calls.GrpcTimeout.TryParse(waited["grpc-timeout"]!, out var left));
        Assert.InRange(left, TimeSpan.FromSeconds(10) - elapsed, TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(20));
        await FinishAsync(waited, second);
    }

    [Fact]
    public async Task DefaultDeadline_IsToldToAGrpcUpstream()
    {
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, configure: o => o.Limits.DefaultDeadline = TimeSpan.FromSeconds(5));
        var call = test.CallAsync();
        var request = await RequestAsync();
        Assert.True(Core.Calls.GrpcTimeout.TryParse(request["grpc-timeout"]!, out var left));
        Assert.InRange(left, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        await FinishAsync(request, call);
    }

    [Theory]
    [InlineData("1x")]
    [InlineData("123456789S")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("")]
    public async Task GrpcTimeout_Malformed_IsTheCallersMistake(string timeout)
    {
        var failure = await _test.CallAsync(headers: ("grpc-timeout", timeout)).Failed(FailureCode.RequestInvalid);
        Assert.Equal(GrpcStatus.InvalidArgument, failure.GrpcStatus);
    }

    [Fact]
    public async Task GrpcTimeout_Zero_NeverReachesTheUpstream()
    {
        await _test.CallAsync(headers: ("grpc-timeout", "0m")).Failed(FailureCode.DeadlineInQueue);
        Assert.Equal(0, _upstream.Accepted);
    }

    [Fact]
    public async Task GrpcEndpoint_SentSomethingElse_Refuses()
    {
        var headers = new HeaderBlock();
        headers.Add("content-type", "application/json");
        await _test.SendAsync(new CallRequest { Method = "POST", Target = "/", Headers = headers, HasBody = true }).Failed(FailureCode.ContentTypeUnsupported);
    }

    private Http2UpstreamConnection? _connection;

    private async Task<Http2UpstreamCall> RequestAsync(bool sameConnection = false)
    {
        if (!sameConnection || _connection is null) _connection = await _upstream.ConnectionAsync();
        return await _connection.CallAsync();
    }

    private static async Task FinishAsync(Http2UpstreamCall request, Task<Core.Calls.CallResult> call)
    {
        await request.AnswerGrpcAsync("ok"u8.ToArray());
        await call.Answered();
    }
}
