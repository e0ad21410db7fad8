using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>Deadlines, repetition and sizes, end to end over real sockets.</summary>
public sealed class CallPipelineTests : IAsyncDisposable
{
    private readonly Http2Upstream _upstream = Http2Upstream.Start();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Theory]
    [InlineData(null, 5)]
    [InlineData("2S", 2)]
    [InlineData("8S", 8)]
    public async Task Deadline_OfTheCaller_ReplacesTheDefault_LongerOrShorter(string? timeout, int seconds)
    {
        await using var test = new PipelineUnderTest(_upstream.Address, limits: new LimitsOptions { DefaultDeadline = TimeSpan.FromSeconds(5) });
        var call = test.CallAsync(default, timeout is null ? [] : [("grpc-timeout", timeout)]);
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        Assert.True(GrpcTimeout.TryParse(request["grpc-timeout"]!, out var told));
        Assert.Equal(TimeSpan.FromSeconds(seconds), told);
        test.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        test.Clock.Advance(TimeSpan.FromTicks(1));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        Assert.Equal(0x8, await request.ResetByClientAsync());
    }

    [Fact]
    public async Task DefaultDeadline_OfPlainHttp_RunsThoughTheWireHasNoWordForIt()
    {
        await using var test = new PipelineUnderTest(_upstream.Address, Protocol.Http2, new LimitsOptions { DefaultDeadline = TimeSpan.FromSeconds(5) });
        var call = test.CallAsync(Get());
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        Assert.Null(request["grpc-timeout"]);
        test.Clock.Advance(TimeSpan.FromSeconds(5));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        await request.ResetByClientAsync();
    }

    [Fact]
    public async Task Deadline_SpansAllAttempts_AndEachIsToldWhatIsLeft()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var call = test.CallAsync(default, ("grpc-timeout", "10S"));
        var connection = await _upstream.ConnectionAsync();
        var refused = await connection.CallAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(4));
        await refused.ResetAsync(0x7);
        var repeated = await connection.CallAsync();
        Assert.True(GrpcTimeout.TryParse(repeated["grpc-timeout"]!, out var left));
        Assert.Equal(TimeSpan.FromSeconds(6), left);
        test.Clock.Advance(TimeSpan.FromSeconds(6));
        await call.Failed(FailureCode.DeadlineAtUpstream);
    }

    [Fact]
    public async Task Retry_SwitchedOff_FailsWithTheFirstRefusal()
    {
        await using var test = new PipelineUnderTest(_upstream.Address, retry: new RetryOptions { Attempts = 1 });
        var call = test.CallAsync();
        var connection = await _upstream.ConnectionAsync();
        await (await connection.CallAsync()).ResetAsync(0x7);
        var failure = await call.Failed(FailureCode.UpstreamRefused);
        Assert.Equal((true, Stage.Send, 1), (failure.IsRetryable, failure.Stage, connection.Requests));
    }

    [Fact]
    public async Task GoAway_ThatCoversTheCall_ThenTheEnd_IsNotRepeated()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var call = test.CallAsync();
        var connection = await _upstream.ConnectionAsync();
        var request = await connection.CallAsync();
        await connection.GoAwayAsync(lastStream: request.Stream);
        connection.Close();
        Assert.False((await call.Failed(FailureCode.UpstreamClosed)).IsRetryable);
        Assert.Equal(1, _upstream.Accepted);
    }

    [Fact]
    public async Task PushBack_OfTheUpstream_IsAnAnswerAndNotRepeated()
    {
        await using var test = new PipelineUnderTest(_upstream.Address);
        var call = test.CallAsync();
        var connection = await _upstream.ConnectionAsync();
        await (await connection.CallAsync()).HeadOnlyAsync(("grpc-status", "14"));
        var (response, _) = await call.Answered();
        Assert.Equal(["14"], response.Headers.All("grpc-status"));
        Assert.Equal(1, connection.Requests);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task HttpRequestBody_IsOneMessage_AndAtTheLimitItPasses(int length, bool passes)
    {
        await using var test = new PipelineUnderTest(_upstream.Address, Protocol.Http2, new LimitsOptions { MaxRequestMessageBytes = 100 });
        var call = test.CallAsync(new CallRequest { Method = "POST", Target = "/", Headers = new HeaderBlock(), HasBody = true, Body = new byte[length] });
        if (passes)
        {
            var request = await (await _upstream.ConnectionAsync()).CallAsync();
            Assert.Equal(length, (await request.BodyAsync()).Length);
            await request.HeadOnlyAsync();
            await call.Answered();
        }
        else
        {
            await call.Failed(FailureCode.RequestTooLarge);
            Assert.Equal(0, _upstream.Accepted);
        }
    }

    [Fact]
    public async Task HttpResponseBody_IsOneMessage_HoweverItComes()
    {
        await using var test = new PipelineUnderTest(_upstream.Address, Protocol.Http2, new LimitsOptions { MaxResponseMessageBytes = 100 });
        var call = test.CallAsync(Get());
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync();
        await using var response = await call.Begun();
        await request.DataAsync(new byte[100]);
        Assert.Equal(100, (await response.ReadAsync(new byte[200]).InTime("what is allowed")).Count);
        await request.DataAsync(new byte[1]);
        Assert.Equal(FailureCode.ResponseTooLarge, (await response.ReadAsync(new byte[200]).InTime("the verdict")).Failure?.Code);
    }

    private static CallRequest Get() => new() { Method = "GET", Target = "/", Headers = new HeaderBlock() };
}
