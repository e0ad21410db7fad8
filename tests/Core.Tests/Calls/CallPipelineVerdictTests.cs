using System.IO.Pipelines;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>What each end of a call teaches the limit; and that whatever the end, the permit comes back once.</summary>
public sealed class CallPipelineVerdictTests : IAsyncDisposable
{
    private readonly Http2Upstream _upstream = Http2Upstream.Start();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Theory]
    [InlineData(0, End.Good)]
    [InlineData(2, End.Good)]
    [InlineData(4, End.Timeout)]
    [InlineData(5, End.Good)]
    [InlineData(8, End.PushBack)]
    [InlineData(13, End.Good)]
    [InlineData(14, End.Failure)]
    public async Task GrpcAnswer_IsJudgedByItsStatus_AmongTrailersOrHeaders(int status, End expected)
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (first, request, connection) = await BeginAsync(test);
        await request.HeadAsync();
        await request.TrailersAsync(("grpc-status", $"{status}"));
        await first.Answered();
        var second = test.CallAsync();
        await (await connection.CallAsync()).HeadOnlyAsync(("grpc-status", $"{status}"));
        await second.Answered();
        await test.Settled(expected, expected);
    }

    [Theory]
    [InlineData(200, End.Good)]
    [InlineData(404, End.Good)]
    [InlineData(429, End.PushBack)]
    [InlineData(500, End.Good)]
    [InlineData(503, End.PushBack)]
    [InlineData(504, End.Timeout)]
    public async Task HttpAnswer_IsJudgedByItsStatus(int status, End expected)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = new PipelineUnderTest(upstream.Address, Protocol.Http1);
        var call = test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() });
        await (await upstream.RequestAsync()).AnswerAsync(status);
        await call.Answered();
        await test.Settled(expected);
    }

    [Theory]
    [InlineData(0, End.Good)]
    [InlineData(4, End.Timeout)]
    [InlineData(5, End.Good)]
    [InlineData(8, End.PushBack)]
    [InlineData(14, End.Failure)]
    public async Task GrpcAnswer_OfNothingButAHead_ThatNobodyReadsOn_IsJudgedByThat(int status, End expected)
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.HeadOnlyAsync(("grpc-status", $"{status}"));
        await (await call.Begun()).DisposeAsync();
        await test.Settled(expected);
    }

    [Theory]
    [InlineData(200, End.Ignored)]
    [InlineData(503, End.PushBack)]
    [InlineData(504, End.Timeout)]
    public async Task HttpAnswer_WhoseBodyNobodyReads_IsJudgedByWhatItsHeadSaysOfLoad(int status, End expected)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = new PipelineUnderTest(upstream.Address, Protocol.Http1);
        var call = test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() });
        await (await upstream.RequestAsync()).AnswerAsync(status, "a body that nobody reads");
        await (await call.Begun()).DisposeAsync();
        await test.Settled(expected);
    }

    [Fact]
    public async Task CallerLeaves_IsIgnored()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        using var leaving = new CancellationTokenSource();
        var (call, request, _) = await BeginAsync(test, leaving.Token);
        await leaving.CancelAsync();
        await call.Failed(FailureCode.CallerCancelled);
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task Answer_GivenUpHalfRead_IsIgnored()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.HeadAsync();
        await (await call.Begun()).DisposeAsync();
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task Answer_ReadToItsEnd_ThenDisposedTwice_IsSettledOnce()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.AnswerGrpcAsync([1]);
        var (response, _) = await call.Answered();
        await response.DisposeAsync();
        await test.Settled(End.Good);
    }

    [Fact]
    public async Task Deadline_BeforeTheAnswer_IsDropped()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test, default, ("grpc-timeout", "1S"));
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        await request.ResetByClientAsync();
        await test.Settled(End.Timeout);
    }

    [Fact]
    public async Task Deadline_WithinTheAnswer_EndsItAndIsDropped()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test, default, ("grpc-timeout", "1S"));
        await request.HeadAsync();
        await using (var response = await call.Begun())
        {
            var reading = response.ReadAsync(new byte[10]);
            test.Clock.Advance(TimeSpan.FromSeconds(1));
            var failure = (await reading.InTime("the read to end")).Failure;
            Assert.Equal((FailureCode.DeadlineAtUpstream, Stage.Receive), (failure!.Code, failure.Stage));
        }

        await request.ResetByClientAsync();
        await test.Settled(End.Timeout);
    }

    [Theory]
    [InlineData(0x2, End.Failure)]
    [InlineData(0xb, End.PushBack)] // ENHANCE_YOUR_CALM
    public async Task Reset_IsDropped_ByItsCode(int code, End expected)
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.ResetAsync(code);
        await call.Failed(FailureCode.UpstreamReset);
        await test.Settled(expected);
    }

    [Fact]
    public async Task ConnectionLost_IsDroppedForEveryCallOnIt()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (first, _, connection) = await BeginAsync(test);
        var second = test.CallAsync();
        await connection.CallAsync();
        connection.Close();
        await first.Failed(FailureCode.UpstreamClosed);
        await second.Failed(FailureCode.UpstreamClosed);
        await test.Settled(End.Failure, End.Failure);
    }

    [Fact]
    public async Task RefusedStream_IsIgnored_EachAttemptWithItsOwnPermit()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, connection) = await BeginAsync(test);
        await request.ResetAsync(0x7);
        await (await connection.CallAsync()).AnswerGrpcAsync([1]);
        await call.Answered();
        await test.Settled(End.Ignored, End.Good);
    }

    [Fact]
    public async Task ResponseTooLarge_IsIgnored()
    {
        await using var test = new PipelineUnderTest(_upstream.Address, limits: new LimitsOptions { MaxResponseMessageBytes = 100 });
        var (call, request, _) = await BeginAsync(test);
        await request.HeadAsync();
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 101 });
        await using (var response = await call.Begun())
            Assert.Equal(FailureCode.ResponseTooLarge, (await response.ReadAsync(new byte[10]).InTime("the verdict")).Failure?.Code);
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task Stream_OfMessagesDown_IsOneFromItsSecondMessageOn_AndIgnoredHoweverItEnds()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.HeadAsync();
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 1, 7 });
        await using (var response = await call.Begun())
        {
            await response.ReadAsync(new byte[100]).InTime("the first message");
            Assert.Equal((1, 0), (test.Limiter.InFlight, test.Limiter.Meter.Streams));
            await request.DataAsync(new byte[] { 0, 0, 0, 0, 1, 7 });
            await response.ReadAsync(new byte[100]).InTime("the second message");
            Assert.Equal((1, 1), (test.Limiter.InFlight, test.Limiter.Meter.Streams));
            await request.ResetAsync(0x2);
            Assert.NotNull((await response.ReadAsync(new byte[100]).InTime("the end")).Failure);
        }

        Assert.Equal(0, test.Limiter.Meter.Streams);
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task Stream_OfMessagesUp_IsOneBeforeThereIsAnyAnswer_AndItsLeaseEndsWithTheRequestsBody()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var body = new Pipe();
        var template = EndpointUnderTest.Request([]);
        var call = test.CallAsync(new CallRequest { Method = "POST", Target = "/s/M", Headers = template.Headers, HasBody = true, BodyReader = body.Reader });
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        await body.Writer.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 7 });
        await request.PieceAsync();
        Assert.Equal((1, 1), (test.Limiter.InFlight, test.Limiter.Meter.Streams));
        await body.Writer.CompleteAsync();
        await request.AnswerGrpcAsync([1]);
        await call.Answered();
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task WholeBodyOfManyMessages_IsAStream()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var call = test.CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 7]));
        await (await (await _upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync([1]);
        await call.Answered();
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task ServerSentEvents_AreAStream()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = new PipelineUnderTest(upstream.Address, Protocol.Http1);
        var call = test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() });
        await (await upstream.RequestAsync()).AnswerAsync("", "Content-Type: text/event-stream;charset=utf-8");
        await call.Answered();
        await test.Settled(End.Ignored);
    }

    [Fact]
    public async Task Answer_IsCountedUnderTheClassOfItsMethod()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        test.Clock.Advance(TimeSpan.FromSeconds(3));
        await request.AnswerGrpcAsync([1]);
        await call.Answered();
        var taught = test.Pool.TakeSample();
        Assert.Equal(TimeSpan.FromSeconds(3), taught.ResponseTimes[MethodClasses.Of("/test.Service/Unary")]!.Sum);
        Assert.Equal(1, taught.Good);
    }

    [Fact]
    public async Task CallThatIsRefusedAtTheDoor_TakesNoPermit()
    {
        await using var test = new PipelineUnderTest(_upstream.Address, limits: new LimitsOptions { MaxRequestMessageBytes = 100 });
        await test.CallAsync(default, ("grpc-timeout", "soon")).Failed(FailureCode.RequestInvalid);
        await test.CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 101])).Failed(FailureCode.RequestTooLarge);
        await test.Settled();
        Assert.Equal(0, _upstream.Accepted);
    }

    [Fact]
    public async Task Limits_Adjusted_HoldForTheNextCall()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        test.Adjust(new LimitsOptions { MaxRequestMessageBytes = 100 });
        await test.CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 101])).Failed(FailureCode.RequestTooLarge);
    }

    private async Task<(Task<CallResult> Call, Http2UpstreamCall Request, Http2UpstreamConnection Connection)> BeginAsync(
        PipelineUnderTest test, CancellationToken caller = default, params (string Name, string Value)[] headers)
    {
        var call = test.CallAsync(caller, headers);
        var connection = await _upstream.ConnectionAsync();
        return (call, await connection.CallAsync(), connection);
    }
}
