using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Cluster.Tests.Lanes;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Forwarding;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>When a silo is asked whether it lives before a call is forwarded to it, and what a first message that fails means. By a clock in the test's hand.</summary>
public sealed class PeerSiloTests
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSilo _silo = new(1, "10.0.0.2:11111");
    private readonly PeerSilo _peer;

    public PeerSiloTests()
    {
        var lane = new ScriptedSilos(_ => _silo).Grains.GetGrain<IPoolGrain>("#@10.0.0.2:11111");
        _peer = new PeerSilo(lane, static () => true, new PeerLog(NullLogger.Instance, ScriptedMembership.Silo(2)), _time);
    }

    [Fact]
    public async Task Use_OfASiloNeverHeardOf_AsksFirst()
    {
        using var first = await UseAsync();
        using var second = await UseAsync();

        Assert.Equal((true, true, 1), (first is not null, second is not null, _silo.Beats));
    }

    [Fact]
    public async Task Use_OfASiloThatDoesNotAnswerTheQuestion_IsNone()
    {
        _silo.IsFrozen = true;
        var use = UseAsync();
        await Eventually.HoldsAsync(() => _silo.Beats == 1, "the question");
        _time.Advance(_patience);

        Assert.Null(await use.InTime("the silo to be given up"));
        Assert.Equal(0, _peer.InFlight);
    }

    [Fact]
    public async Task Use_AfterAPauseInWhichNobodyHeardOfTheSilo_AsksFirst()
    {
        (await UseAsync())!.Dispose();
        _time.Advance(_period - TimeSpan.FromTicks(1));
        (await UseAsync())!.Dispose();
        Assert.Equal(1, _silo.Beats);

        _time.Advance(TimeSpan.FromTicks(1));
        (await UseAsync())!.Dispose();
        Assert.Equal(2, _silo.Beats);
    }

    [Fact]
    public async Task Use_AfterAnAnswer_AsksNobodyForHalfASecond()
    {
        using var use = await UseAsync();
        _time.Advance(_period / 2);
        use!.Heard();
        _time.Advance((_period / 2) - TimeSpan.FromTicks(1));
        using var other = await UseAsync();

        Assert.Equal(1, _silo.Beats);
    }

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(SiloUnavailableException))]
    public async Task Use_AfterAMessageThatFailed_AsksFirst(Type failure)
    {
        using var use = await UseAsync();
        use!.FailureOf((Exception)Activator.CreateInstance(failure)!);
        using var other = await UseAsync();

        Assert.Equal(2, _silo.Beats);
    }

    [Fact]
    public async Task Use_AfterACallWhoseCallerLeft_AsksNobody()
    {
        using var leaving = new CancellationTokenSource();
        using var use = await UseAsync(leaving.Token);
        await leaving.CancelAsync();
        Assert.Equal(FailureCode.CallerCancelled, use!.FailureOf(new OperationCanceledException()).Code);
        using var other = await UseAsync();

        Assert.Equal(1, _silo.Beats);
    }

    [Fact]
    public async Task FirstMessage_ToASiloThatWasNeverConnectedTo_MayGoToAnother()
    {
        using var use = await UseAsync();
        var failure = use!.FailureOfFirst(new SiloUnavailableException("Unable to connect to S10.0.0.2:11111:1, will retry after 500 ms"));
        using var other = await UseAsync();

        Assert.Equal((FailureCode.ShareElsewhere, true, 2), (failure.Code, failure.IsRetryable, _silo.Beats));
    }

    [Fact]
    public async Task FirstMessage_ThatFailedOtherwise_MayHaveArrived()
    {
        using var use = await UseAsync();
        var failure = use!.FailureOfFirst(new SiloUnavailableException("The silo is shutting down."));

        Assert.Equal((FailureCode.GatewayLost, false), (failure.Code, failure.IsRetryable));
    }

    [Fact]
    public async Task LaterMessage_ToASiloThatCannotBeConnectedToAnyMore_IsLost()
    {
        using var use = await UseAsync();
        Assert.Equal(FailureCode.GatewayLost, use!.FailureOf(new SiloUnavailableException("Unable to connect to S10.0.0.2:11111:1")).Code);
    }

    private Task<PeerUse?> UseAsync(CancellationToken caller = default)
    {
        _peer.BeginUse();
        return _peer.TryUseAsync(caller).AsTask();
    }
}
