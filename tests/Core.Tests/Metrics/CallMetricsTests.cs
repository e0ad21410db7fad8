using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Core.Tests.Calls.Hedging;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Metrics;

/// <summary>What is recorded of a call: its wait, its use of a connection, and all of it with how it ended; each once.</summary>
public sealed class CallMetricsTests : IAsyncDisposable
{
    private readonly Http2Upstream _upstream = Http2Upstream.Start();
    private readonly RecordedMeter _meter = new();

    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        return _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(0, "grpc OK")]
    [InlineData(5, "grpc NOT_FOUND NOT_FOUND")]
    [InlineData(14, "grpc UNAVAILABLE UNAVAILABLE")]
    [InlineData(77, "grpc UNKNOWN UNKNOWN")]
    public async Task Answer_OfGrpc_IsRecordedByItsStatus_WithItsTimes(int status, string expected)
    {
        await using var test = NewTest(_upstream.Address);
        var call = test.CallAsync();
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        await request.HeadAsync();
        await request.TrailersAsync(("grpc-status", $"{status}"));
        await call.Answered();
        Assert.Equal([(2, expected)], _meter.Of("rpc.client.call.duration"));
        Assert.Equal([(2, "")], _meter.Of("orleanspool.connection.use_time"));
        Assert.Equal([(0, "acquired")], _meter.Of("orleanspool.connection.wait_time"));
        Assert.Empty(_meter.Of("orleanspool.request.rejected"));
    }

    [Theory]
    [InlineData(200, "http 200")]
    [InlineData(404, "http 404 404")]
    [InlineData(999, "http _OTHER _OTHER")]
    public async Task Answer_OfHttp_IsRecordedByItsStatus_OfWhichThereAreFew(int status, string expected)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = NewTest(upstream.Address, Protocol.Http1);
        var call = test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() });
        await (await upstream.RequestAsync()).AnswerAsync(status);
        await call.Answered();
        Assert.Equal([(0, expected)], _meter.Of("rpc.client.call.duration"));
    }

    [Fact]
    public async Task Answer_GivenUpHalfRead_IsTheCallersEnd()
    {
        await using var test = NewTest(_upstream.Address);
        var call = test.CallAsync();
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync();
        await (await call.Begun()).DisposeAsync();
        Assert.Equal([(0, "grpc caller_cancelled")], _meter.Of("rpc.client.call.duration"));
        Assert.Single(_meter.Of("orleanspool.connection.use_time"));
    }

    [Fact]
    public async Task Answer_ThatNobodyWants_HeldAConnection_ButEndsNoCall()
    {
        await using var test = NewTest(_upstream.Address);
        var call = test.CallAsync();
        var request = await (await _upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync();
        await ((PooledResponse)await call.Begun()).DiscardAsync();
        Assert.Single(_meter.Of("orleanspool.connection.use_time"));
        Assert.Empty(_meter.Of("rpc.client.call.duration"));
    }

    [Fact]
    public async Task Failure_AtTheUpstream_IsRecordedByItsCode()
    {
        await using var test = NewTest(_upstream.Address);
        var call = test.CallAsync(default, ("grpc-timeout", "3S"));
        await (await _upstream.ConnectionAsync()).CallAsync();
        test.Clock.Advance(TimeSpan.FromSeconds(3));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        Assert.Equal([(3, "grpc deadline_at_upstream")], _meter.Of("rpc.client.call.duration"));
        Assert.Equal([(3, "")], _meter.Of("orleanspool.connection.use_time"));
        Assert.Empty(_meter.Of("orleanspool.request.rejected"));
    }

    [Fact]
    public async Task Call_TurnedAway_IsCountedByWhy_AndSoIsItsWait()
    {
        await using var test = NewTest(_upstream.Address, letsWait: false);
        test.Pool.Apply(new PoolShare(0, 0));
        await test.CallAsync().Failed(FailureCode.Exhausted);
        Assert.Equal([(1, "exhausted")], _meter.Of("orleanspool.request.rejected"));
        Assert.Equal([(0, "rejected")], _meter.Of("orleanspool.connection.wait_time"));
        Assert.Equal([(0, "grpc exhausted")], _meter.Of("rpc.client.call.duration"));
    }

    [Fact]
    public async Task Request_ThatBreaksItsProtocol_IsRecorded_ThoughItNeverWaited()
    {
        await using var test = NewTest(_upstream.Address);
        await test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() }).Failed(FailureCode.ContentTypeUnsupported);
        Assert.Equal([(0, "grpc content_type_unsupported")], _meter.Of("rpc.client.call.duration"));
        Assert.Empty(_meter.Of("orleanspool.connection.wait_time"));
    }

    [Fact]
    public async Task Hedge_ThatLost_HeldAConnection_ButWasNoCallOfItsOwn()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        test.Pipeline.Pipeline.Recorder = NewRecorder(Protocol.Grpc);
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        await first.AnswerGrpcAsync([7]);
        await call.Answered();
        await second.ResetByClientAsync();
        await Eventually.HoldsAsync(() => _meter.Of("orleanspool.connection.use_time").Count == 2, "both attempts to have given their connections back");
        Assert.Equal("grpc OK", Assert.Single(_meter.Of("rpc.client.call.duration")).Tags);
        Assert.Single(_meter.Of("orleanspool.connection.wait_time"));
    }

    private PipelineUnderTest NewTest(string address, Protocol protocol = Protocol.Grpc, bool letsWait = true)
    {
        var test = new PipelineUnderTest(address, protocol, new LimitsOptions(), letsWait: letsWait);
        test.Pipeline.Recorder = NewRecorder(protocol);
        return test;
    }

    private CallRecorder NewRecorder(Protocol protocol) => new(_meter.Meter, "test", protocol, CallSemantics.Of(protocol));
}
