using System.IO.Pipelines;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>A call that finds no permit and no channel goes to the fallback endpoint, with the time that is left; what was sent stays where it was sent.</summary>
public sealed class FallbackTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Http2Upstream _firstUpstream = Http2Upstream.Start();
    private readonly Http2Upstream _secondUpstream = Http2Upstream.Start();
    private PipelineUnderTest _first = null!;
    private PipelineUnderTest _second = null!;

    public Task InitializeAsync()
    {
        _first = new PipelineUnderTest(_firstUpstream.Address, letsWait: false, clock: _clock);
        _second = new PipelineUnderTest(_secondUpstream.Address, letsWait: false, clock: _clock);
        _first.Pipeline.Fallback = _second.Pipeline;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _firstUpstream.DisposeAsync();
        await _secondUpstream.DisposeAsync();
    }

    [Fact]
    public async Task NoPermit_CallIsServedByTheFallback_WithTheTimeThatIsLeft()
    {
        _first.Pool.Apply(new PoolShare(0, 10));
        var call = _first.CallAsync(default, ("grpc-timeout", "5S"));
        var request = await (await _secondUpstream.ConnectionAsync()).CallAsync();
        Assert.True(GrpcTimeout.TryParse(request["grpc-timeout"]!, out var left));
        Assert.Equal(TimeSpan.FromSeconds(5), left);
        await request.AnswerGrpcAsync([7]);
        await call.Answered();
        Assert.Equal((1, 0), (_first.Pipeline.Totals.FellBack, _firstUpstream.Accepted));
    }

    [Fact]
    public async Task PermitThatVanishesWhileTheCallWaitsForAConnect_SendsItToTheFallback()
    {
        await using var mute = Http2Upstream.Start(upstream => upstream.IsMute = true);
        await using var first = new PipelineUnderTest(mute.Address, letsWait: false, clock: _clock);
        first.Pipeline.Fallback = _second.Pipeline;
        var call = first.CallAsync();
        await Eventually.HoldsAsync(() => first.Pool.Snapshot().Waiting == 1, "the call to wait for a connect");
        first.Pool.Apply(new PoolShare(0, 10));
        await (await (await _secondUpstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync([7]);
        await call.Answered();
        Assert.Equal(1, first.Pipeline.Totals.FellBack);
    }

    [Fact]
    public async Task Deadline_OfTheCallerAtTheFirst_EndsTheCallAtTheFallback_WhichHasADefaultOfItsOwn()
    {
        _second.Adjust(new() { DefaultDeadline = TimeSpan.FromSeconds(1) });
        _first.Pool.Apply(new PoolShare(0, 10));
        var call = _first.CallAsync(default, ("grpc-timeout", "5S"));
        var request = await (await _secondUpstream.ConnectionAsync()).CallAsync();
        _clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        await request.ResetByClientAsync();
    }

    [Fact]
    public async Task UpstreamDown_CallIsServedByTheFallback()
    {
        await _firstUpstream.DisposeAsync();
        var call = _first.CallAsync();
        var connection = _secondUpstream.ConnectionAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(10));
                return connection.IsCompleted;
            },
            "the call to reach the fallback");
        await (await (await connection).CallAsync()).AnswerGrpcAsync([7]);
        await call.Answered();
    }

    [Fact]
    public async Task Chain_OfThree_EndsAtTheLast()
    {
        await using var third = new PipelineUnderTest(_firstUpstream.Address, letsWait: false, clock: _clock);
        third.Pool.Apply(new PoolShare(0, 10));
        _second.Pipeline.Fallback = third.Pipeline;
        _first.Pool.Apply(new PoolShare(0, 10));
        _second.Pool.Apply(new PoolShare(0, 10));
        await _first.CallAsync().Failed(FailureCode.Exhausted);
        Assert.Equal((1, 1, 0), (_first.Pipeline.Totals.FellBack, _second.Pipeline.Totals.FellBack, third.Pipeline.Totals.FellBack));
    }

    [Theory]
    [InlineData(0x2, FailureCode.UpstreamReset)]
    [InlineData(0x7, FailureCode.UpstreamRefused)]
    public async Task CallThatWasSent_IsNotSentElsewhere(int reset, FailureCode code)
    {
        var call = _first.CallAsync();
        var connection = await _firstUpstream.ConnectionAsync();
        for (var attempt = 0; attempt < (code == FailureCode.UpstreamRefused ? 3 : 1); attempt++) await (await connection.CallAsync()).ResetAsync(reset);
        await call.Failed(code);
        Assert.Equal((0, 0), (_second.Pipeline.Totals.FellBack, _secondUpstream.Accepted));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task CallFromAnotherHost_OrWithPartOfItsBodyTaken_IsRefusedHere(bool isForwarded, bool wasTouched)
    {
        _first.Pool.Apply(new PoolShare(0, 10));
        var template = EndpointUnderTest.Request([]);
        var body = wasTouched ? new Pipe().Reader : null;
        var request = new CallRequest
        {
            Method = "POST", Target = "/s/M", Headers = template.Headers, HasBody = true, BodyReader = body, BodyWasTouched = wasTouched, IsForwarded = isForwarded,
        };
        await _first.CallAsync(request).Failed(FailureCode.Exhausted);
        Assert.Equal(0, _first.Pipeline.Totals.FellBack);
    }

    [Fact]
    public async Task HostThatShutsDown_DoesNotFallBack()
    {
        await _first.Pool.DrainAsync(TimeSpan.Zero);
        await _first.CallAsync().Failed(FailureCode.Draining);
        Assert.Equal(0, _first.Pipeline.Totals.FellBack);
    }

    [Fact]
    public async Task RetryBudget_UsedUp_FailsWithTheRefusalAndCountsIt()
    {
        await using var test = new PipelineUnderTest(_firstUpstream.Address, retry: new RetryOptions { BudgetShare = 0, BudgetPerSecond = 0 });
        var call = test.CallAsync();
        var connection = await _firstUpstream.ConnectionAsync();
        await (await connection.CallAsync()).ResetAsync(0x7);
        await call.Failed(FailureCode.UpstreamRefused);
        Assert.Equal((1, 0, 1), (connection.Requests, test.Pipeline.Totals.Retried, test.Pipeline.Totals.RetriesDenied));
    }
}
