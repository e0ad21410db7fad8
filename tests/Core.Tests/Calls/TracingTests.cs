using System.Diagnostics;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>The spans of a call over real sockets, and what its upstream hears of them.</summary>
[Collection(TraceCollection.Name)]
public sealed class TracingTests : IAsyncDisposable
{
    private readonly Http2Upstream _upstream = Http2Upstream.Start();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task GrpcCall_WithItsCallersTrace_IsASpanInIt_AndTheUpstreamIsToldOfThatSpan()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, configure: o => o.Pool.Min = 1);
        var call = test.CallAsync(headers: [("traceparent", trace.Parent), ("tracestate", "shop=1")]);
        var received = await (await _upstream.ConnectionAsync()).CallAsync();
        await received.AnswerGrpcAsync([1]);
        await call.Answered();
        var span = Assert.Single(await trace.EndedAsync(1));
        Assert.Equal(("test.Service/Unary", ActivityKind.Client, trace.Trace, trace.Caller), (span.OperationName, span.Kind, span.TraceId, span.ParentSpanId));
        var port = _upstream.Address.Split(':')[1];
        Assert.Equal($"orleanspool.pool.name=test rpc.method=test.Service/Unary rpc.status_code=OK rpc.system.name=grpc server.address=127.0.0.1 server.port={port}", span.Tags());
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal([$"00-{trace.Trace}-{span.SpanId}-01"], All(received, "traceparent"));
        Assert.Equal(["shop=1"], All(received, "tracestate"));
    }

    [Fact]
    public async Task Call_ThatHasToWait_HasASpanForItsWait_AndInThatOneForTheConnection()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address);
        var call = test.CallAsync(headers: ("traceparent", trace.Parent));
        await (await (await _upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync([1]);
        await call.Answered();
        var spans = await trace.EndedAsync(3);
        Assert.Equal(["connect", "pool wait", "test.Service/Unary"], spans.Select(span => span.OperationName).Order(StringComparer.Ordinal));
        var (connect, wait, whole) = (Named(spans, "connect"), Named(spans, "pool wait"), Named(spans, "test.Service/Unary"));
        Assert.Equal((wait.SpanId, whole.SpanId), (connect.ParentSpanId, wait.ParentSpanId));
        Assert.Equal((ActivityKind.Internal, ActivityKind.Internal), (connect.Kind, wait.Kind));
        Assert.Equal($"server.address=127.0.0.1 server.port={_upstream.Address.Split(':')[1]}", connect.Tags());
    }

    [Fact]
    public async Task Connection_OpenedForATracedCall_DoesNotPassItsTraceToTheNext()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address);
        var connection = Answer(test.CallAsync(headers: ("traceparent", trace.Parent)), await _upstream.ConnectionAsync());
        await connection;
        await trace.EndedAsync(3);
        var untraced = test.CallAsync();
        var received = await (await connection).CallAsync();
        await received.AnswerGrpcAsync([1]);
        await untraced.Answered();
        Assert.Empty(All(received, "traceparent"));
        Assert.Equal(3, trace.Ended.Count);
    }

    [Fact]
    public async Task Call_ThatFails_SaysWhatFailed_AndNothingOfItsContent()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync("127.0.0.1:1", configure: o => o.Pool.ConnectAttempts = 1);
        await test.CallAsync(headers: ("traceparent", trace.Parent)).Failed(FailureCode.ConnectFailed);
        var spans = await trace.EndedAsync(3);
        Assert.All(spans, span => Assert.Equal((ActivityStatusCode.Error, null, "connect_failed"), (span.Status, span.StatusDescription, span.GetTagItem("error.type"))));
        Assert.All(spans, span => Assert.Empty(span.Events));
    }

    [Fact]
    public async Task GrpcCall_AnsweredWithAnError_IsAnError()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, configure: o => o.Pool.Min = 1);
        var call = test.CallAsync(headers: ("traceparent", trace.Parent));
        await (await (await _upstream.ConnectionAsync()).CallAsync()).HeadOnlyAsync(("content-type", "application/grpc"), ("grpc-status", "5"));
        await call.Answered();
        var span = Assert.Single(await trace.EndedAsync(1));
        Assert.Equal((ActivityStatusCode.Error, "NOT_FOUND", "NOT_FOUND"), (span.Status, span.GetTagItem("error.type"), span.GetTagItem("rpc.status_code")));
    }

    [Theory]
    [InlineData("GET", "GET", "GET")]
    [InlineData("BREW", "HTTP", "_OTHER")]
    public async Task HttpCall_IsNamedByItsMethod_AndItsPathIsNowhere(string method, string name, string tag)
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, Protocol.Http2, o => o.Pool.Min = 1);
        var headers = new HeaderBlock(["traceparent", trace.Parent]);
        var call = test.SendAsync(new CallRequest { Method = method, Target = "/orders?token=secret", Headers = headers });
        await (await (await _upstream.ConnectionAsync()).CallAsync()).HeadOnlyAsync();
        await call.Answered();
        var span = Assert.Single(await trace.EndedAsync(1));
        Assert.Equal(name, span.DisplayName);
        Assert.Equal(
            $"http.request.method={tag} http.response.status_code=200 orleanspool.pool.name=test rpc.system.name=http server.address=127.0.0.1 server.port={_upstream.Address.Split(':')[1]}",
            span.Tags());
    }

    [Fact]
    public async Task Answer_ThatItsCallerDropsHalfRead_EndsTheSpanAsCancelled()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, configure: o => o.Pool.Min = 1);
        var call = test.CallAsync(headers: ("traceparent", trace.Parent));
        await (await (await _upstream.ConnectionAsync()).CallAsync()).HeadAsync(("content-type", "application/grpc"));
        var response = await call.Begun();
        Assert.Empty(trace.Ended);
        await response.DisposeAsync();
        Assert.Equal("caller_cancelled", Assert.Single(await trace.EndedAsync(1)).GetTagItem("error.type"));
    }

    [Fact]
    public async Task CallersOwnMessage_TellsTheUpstreamOfTheSpan_AndIsGivenBackAsItWas()
    {
        using var trace = new TraceUnderTest();
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address, Protocol.Http2, o => o.Pool.Min = 1);
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://a/x");
        message.Headers.TryAddWithoutValidation("traceparent", trace.Parent);
        Assert.True(CallerMessage.TryRead(message, out var own));
        var call = test.SendAsync(new CallRequest(own));
        var received = await (await _upstream.ConnectionAsync()).CallAsync();
        await received.HeadOnlyAsync();
        await call.Answered();
        Assert.Equal([$"00-{trace.Trace}-{Assert.Single(await trace.EndedAsync(1)).SpanId}-01"], All(received, "traceparent"));
        Assert.Equal([trace.Parent], message.Headers.GetValues("traceparent"));
    }

    [Fact]
    public async Task Headers_WhereNobodyListens_PassAsTheyAre()
    {
        await using var test = await EndpointUnderTest.StartAsync(_upstream.Address);
        var call = test.CallAsync(headers: [("traceparent", "of the caller"), ("tracestate", "a=1"), ("baggage", "b=2")]);
        var received = await (await _upstream.ConnectionAsync()).CallAsync();
        await received.AnswerGrpcAsync([1]);
        await call.Answered();
        Assert.Equal(["of the caller", "a=1", "b=2"], [.. All(received, "traceparent"), .. All(received, "tracestate"), .. All(received, "baggage")]);
    }

    private static async Task<Http2UpstreamConnection> Answer(Task<Core.Calls.CallResult> call, Http2UpstreamConnection connection)
    {
        await (await connection.CallAsync()).AnswerGrpcAsync([1]);
        await call.Answered();
        return connection;
    }

    private static Activity Named(IEnumerable<Activity> spans, string name) => spans.Single(span => span.OperationName == name);

    private static IEnumerable<string> All(Http2UpstreamCall call, string name) => call.Headers.Where(header => header.Name == name).Select(header => header.Value);
}
