using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>A call that finds no share of the limit at this host goes to one that has: once, with the time that is left, and nothing is sent twice.</summary>
public sealed class ForwardingTests : IAsyncLifetime
{
    private static readonly CallFailure _moved = new(FailureCode.ShareElsewhere, "It moved.");

    private readonly Http2Upstream _upstream = Http2Upstream.Start();
    private readonly ScriptedForwarding _forwarding = new();
    private PipelineUnderTest _pipeline = null!;

    public Task InitializeAsync()
    {
        _pipeline = new PipelineUnderTest(_upstream.Address, forwarding: _forwarding);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Call_WithAShareElsewhere_GoesThereWithTheTimeThatIsLeft()
    {
        ShareIsAt("b", "c");
        var result = await _pipeline.CallAsync(default, ("grpc-timeout", "5S")).InTime("the call's end");

        Assert.Same(_forwarding.Answer, result.Failure);
        var forwarded = Assert.Single(_forwarding.Calls);
        Assert.Equal(("test", "b, c", TimeSpan.FromSeconds(5)), (forwarded.Endpoint, string.Join(", ", forwarded.Holders), forwarded.Deadline.Remaining(_pipeline.Clock)));
        Assert.False(forwarded.Request.IsForwarded);
    }

    [Fact]
    public async Task Call_ThatWaitsWhenTheShareGoes_GoesWithIt()
    {
        _pipeline.Pool.Apply(PoolShare.None);
        var waiting = _pipeline.CallAsync(default, ("grpc-timeout", "5S"));
        await Eventually.HoldsAsync(() => _pipeline.Pool.Snapshot().Waiting == 1, "the call to wait");
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(2));
        ShareIsAt("b");

        Assert.Same(_forwarding.Answer, (await waiting.InTime("the call's end")).Failure);
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(_forwarding.Calls).Deadline.Remaining(_pipeline.Clock));
        Assert.Equal(0, _pipeline.Pool.Snapshot().Waiting);
    }

    [Fact]
    public async Task Call_ThatWasForwardedHere_IsRefusedAndNotForwardedAgain()
    {
        ShareIsAt("b");
        var result = await _pipeline.CallAsync(Forwarded(timeLeft: null)).InTime("the refusal");

        Assert.Equal((FailureCode.ShareElsewhere, "b", true), (result.Failure!.Code, Assert.Single(result.Failure.Holders), result.Failure.IsRetryable));
        Assert.Empty(_forwarding.Calls);
    }

    [Fact]
    public async Task Call_ThatWasForwardedHere_HasTheTimeItHadLeftWhateverItsHeadersSay()
    {
        _pipeline.Pool.Apply(PoolShare.None);
        var call = _pipeline.CallAsync(Forwarded(TimeSpan.FromSeconds(1)));
        await Eventually.HoldsAsync(() => _pipeline.Pool.Snapshot().Waiting == 1, "the call to wait");
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(FailureCode.DeadlineInQueue, (await call.InTime("the call's end")).Failure!.Code);
    }

    [Fact]
    public async Task Call_ThatWasHandedOver_HasTheTimeItHadLeftAndGoesOnAsIfItHadComeHere()
    {
        ShareIsAt("b");
        await _pipeline.CallAsync(FromElsewhere(TimeSpan.FromSeconds(1), isForwarded: false)).InTime("the call's end");

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(_forwarding.Calls).Deadline.Remaining(_pipeline.Clock));
    }

    [Fact]
    public async Task Call_WhoseShareMovedBackMeanwhile_IsServedHere()
    {
        ShareIsAt("b");
        _forwarding.Answer = _moved;
        _forwarding.Meanwhile = () => _pipeline.Pool.Apply(new PoolShare(10, 10));
        var call = _pipeline.CallAsync();
        await (await (await _upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync([7]);
        await call.Answered();

        Assert.Single(_forwarding.Calls);
    }

    [Fact]
    public async Task Call_ThatNobodyTakes_WaitsHereUntilAnotherIsKnownToHaveTheShare()
    {
        var call = await CallThatNobodyTakesAsync();
        _forwarding.Answer = new CallFailure(FailureCode.QueueFull, "Full there, too.");
        ShareIsAt("c");

        Assert.Same(_forwarding.Answer, (await call.InTime("the call's end")).Failure);
        Assert.Equal(["b", "c"], _forwarding.Calls.Select(forwarded => Assert.Single(forwarded.Holders)));
    }

    [Fact]
    public async Task Call_ThatNobodyTakes_IsServedHereWhenThereIsAShare()
    {
        var call = await CallThatNobodyTakesAsync();
        _pipeline.Pool.Apply(new PoolShare(10, 10));
        await (await (await _upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync([7]);

        await call.Answered();
    }

    [Fact]
    public async Task Call_ThatNobodyTakes_WaitsNoLongerThanMaxWaitInAll()
    {
        var call = await CallThatNobodyTakesAsync();
        _pipeline.Clock.Advance(new QueueOptions().MaxWait - TimeSpan.FromSeconds(1));
        ShareIsAt("c");
        await Eventually.HoldsAsync(() => _forwarding.Calls.Count == 2 && _pipeline.Pool.Snapshot().Waiting == 1, "the call to wait again");
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(FailureCode.QueueTimeout, (await call.InTime("the call's end")).Failure!.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_AtAHostThatShutsDown_GoesToAnyOther(bool waits)
    {
        _pipeline.Pool.Apply(PoolShare.None);
        var call = waits ? _pipeline.CallAsync() : null;
        if (waits) await Eventually.HoldsAsync(() => _pipeline.Pool.Snapshot().Waiting == 1, "the call to wait");
        await _pipeline.Pool.DrainAsync(TimeSpan.Zero);

        Assert.Same(_forwarding.Answer, (await (call ?? _pipeline.CallAsync()).InTime("the call's end")).Failure);
        Assert.Empty(Assert.Single(_forwarding.Calls).Holders);
    }

    [Fact]
    public async Task Call_AtAHostThatShutsDown_IsToldSoWhereNobodyElseTakesIt()
    {
        _forwarding.Answer = _moved;
        await _pipeline.Pool.DrainAsync(TimeSpan.Zero);

        Assert.Equal(FailureCode.Draining, (await _pipeline.CallAsync().InTime("the refusal")).Failure!.Code);
        Assert.Equal(FailureCode.Draining, (await _pipeline.CallAsync(Forwarded(timeLeft: null)).InTime("the refusal")).Failure!.Code);
        Assert.Single(_forwarding.Calls);
    }

    [Fact]
    public async Task Call_ThatFailedWhereItWasForwardedTo_IsNotRepeatedHere()
    {
        ShareIsAt("b");
        _forwarding.Answer = new CallFailure(FailureCode.UpstreamRefused, "Refused there, in three attempts.");
        var result = await _pipeline.CallAsync().InTime("the call's end");

        Assert.Same(_forwarding.Answer, result.Failure);
        Assert.Single(_forwarding.Calls);
    }

    private static CallRequest Forwarded(TimeSpan? timeLeft) => FromElsewhere(timeLeft, isForwarded: true);

    private static CallRequest FromElsewhere(TimeSpan? timeLeft, bool isForwarded)
    {
        var request = EndpointUnderTest.Request([0, 0, 0, 0, 1, 7], ("grpc-timeout", "5S"));
        return new CallRequest
        {
            Method = request.Method,
            Target = request.Target,
            Headers = request.Headers,
            HasBody = true,
            Body = request.Body,
            IsForwarded = isForwarded,
            TimeLeft = timeLeft,
        };
    }

    private async Task<Task<CallResult>> CallThatNobodyTakesAsync()
    {
        ShareIsAt("b");
        _forwarding.Answer = _moved;
        var call = _pipeline.CallAsync();
        await Eventually.HoldsAsync(() => _pipeline.Pool.Snapshot().Waiting == 1, "the call to wait");
        Assert.Single(_forwarding.Calls);
        return call;
    }

    private void ShareIsAt(params string[] holders)
    {
        _pipeline.Pool.Apply(PoolShare.None with { Holders = holders });
    }

    private sealed class ScriptedForwarding : IForwarding
    {
        public List<ForwardedCall> Calls { get; } = [];

        public CallFailure Answer { get; set; } = new(FailureCode.QueueFull, "Full there, too.");

        public Action? Meanwhile { get; set; }

        public ValueTask<CallResult> ForwardAsync(string endpoint, IReadOnlyList<string> holders, CallRequest request, Deadline deadline, CancellationToken caller)
        {
            Calls.Add(new ForwardedCall(endpoint, holders, request, deadline));
            Meanwhile?.Invoke();
            return new ValueTask<CallResult>(new CallResult(Answer));
        }
    }

    private sealed record ForwardedCall(string Endpoint, IReadOnlyList<string> Holders, CallRequest Request, Deadline Deadline);
}
