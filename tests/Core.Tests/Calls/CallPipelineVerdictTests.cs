using System.IO.Pipelines;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
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
    [InlineData(0, Verdict.Success)]
    [InlineData(2, Verdict.Success)]
    [InlineData(4, Verdict.Dropped)]
    [InlineData(5, Verdict.Success)]
    [InlineData(8, Verdict.Dropped)]
    [InlineData(13, Verdict.Success)]
    [InlineData(14, Verdict.Dropped)]
    public async Task GrpcAnswer_IsJudgedByItsStatus_AmongTrailersOrHeaders(int status, Verdict expected)
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
    [InlineData(200, Verdict.Success)]
    [InlineData(404, Verdict.Success)]
    [InlineData(429, Verdict.Dropped)]
    [InlineData(500, Verdict.Success)]
    [InlineData(503, Verdict.Dropped)]
    [InlineData(504, Verdict.Dropped)]
    public async Task HttpAnswer_IsJudgedByItsStatus(int status, Verdict expected)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = new PipelineUnderTest(upstream.Address, Protocol.Http1);
        var call = test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() });
        await (await upstream.RequestAsync()).AnswerAsync(status);
        await call.Answered();
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
        await test.Settled(Verdict.Ignored);
    }

    [Fact]
    public async Task Answer_GivenUpHalfRead_IsIgnored()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.HeadAsync();
        await (await call.Begun()).DisposeAsync();
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.Settled(Verdict.Ignored);
    }

    [Fact]
    public async Task Answer_ReadToItsEnd_ThenDisposedTwice_IsSettledOnce()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.AnswerGrpcAsync([1]);
        var (response, _) = await call.Answered();
        await response.DisposeAsync();
        await test.Settled(Verdict.Success);
    }

    [Fact]
    public async Task Deadline_BeforeTheAnswer_IsDropped()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test, default, ("grpc-timeout", "1S"));
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        await request.ResetByClientAsync();
        await test.Settled(Verdict.Dropped);
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
        await test.Settled(Verdict.Dropped);
    }

    [Fact]
    public async Task Reset_IsDropped()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.ResetAsync(0x2);
        await call.Failed(FailureCode.UpstreamReset);
        await test.Settled(Verdict.Dropped);
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
        await test.Settled(Verdict.Dropped, Verdict.Dropped);
    }

    [Fact]
    public async Task RefusedStream_IsIgnored_EachAttemptWithItsOwnPermit()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, connection) = await BeginAsync(test);
        await request.ResetAsync(0x7);
        await (await connection.CallAsync()).AnswerGrpcAsync([1]);
        await call.Answered();
        await test.Settled(Verdict.Ignored, Verdict.Success);
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
        await test.Settled(Verdict.Ignored);
    }

    [Fact]
    public async Task Stream_OfMessagesDown_IsIgnored()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var (call, request, _) = await BeginAsync(test);
        await request.HeadAsync();
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 7 });
        await request.TrailersAsync(("grpc-status", "0"));
        await call.Answered();
        await test.Settled(Verdict.Ignored);
    }

    [Fact]
    public async Task Stream_OfMessagesUp_IsIgnored_AndItsLeaseEndsWithTheRequestsBody()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var body = new Pipe();
        var template = EndpointUnderTest.Request([]);
        var call = test.CallAsync(new CallRequest { Method = "POST", Target = "/s/M", Headers = template.Headers, HasBody = true, BodyReader = body.Reader });
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        await body.Writer.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 7 });
        await request.PieceAsync();
        await body.Writer.CompleteAsync();
        await request.AnswerGrpcAsync([1]);
        await call.Answered();
        await test.Settled(Verdict.Ignored);
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

    private async Task<(Task<CallResult> Call, Http2UpstreamCall Request, Http2UpstreamConnection Connection)> BeginAsync(
        PipelineUnderTest test, CancellationToken caller = default, params (string Name, string Value)[] headers)
    {
        var call = test.CallAsync(caller, headers);
        var connection = await _upstream.ConnectionAsync();
        return (call, await connection.CallAsync(), connection);
    }
}
