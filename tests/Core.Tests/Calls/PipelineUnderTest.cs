using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Hedging;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Http;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>The path of a call over real sockets, with a meter that tells what the limit was taught.</summary>
internal sealed class PipelineUnderTest : IAsyncDisposable
{
    private readonly PoolTotals _totals = new();

    public PipelineUnderTest(
        string address, Protocol protocol = Protocol.Grpc, LimitsOptions? limits = null, RetryOptions? retry = null, IForwarding? forwarding = null, bool letsWait = true,
        ManualTimeProvider? clock = null, HedgingOptions? hedging = null, PoolOptions? pool = null)
    {
        var settings = new PoolSettings("test", protocol.IsMultiplexed(), protocol.IsMultiplexed() ? 100 : 1, pool ?? new PoolOptions(), new QueueOptions()) { LetsWait = letsWait };
        Clock = clock ?? new ManualTimeProvider();
        var transport = new HttpTransport(new HttpTransportSettings { Protocol = protocol, Tls = new TlsOptions() });
        Limiter = new ShareLimiter(0, Clock.MonotonicNow());
        Pool = new ChannelPool(settings, transport, Limiter, _totals, Clock, NullLogger.Instance);
        Pool.Apply(new PoolShare(1_000, 10));
        Pool.SetAddresses([.. address.Split(',').Select(Resolved)]);
        Pipeline = new CallPipeline(Pool, CallSemantics.Of(protocol), limits ?? new(), retry ?? new(), Clock, forwarding, hedging);
    }

    public ChannelPool Pool { get; }

    public CallPipeline Pipeline { get; }

    public ManualTimeProvider Clock { get; }

    /// <summary>Permits for anything, until the test says otherwise.</summary>
    public ShareLimiter Limiter { get; }

    public Task<CallResult> CallAsync(CallRequest request, CancellationToken caller = default) => Pipeline.CallAsync(request, caller).AsTask();

    public void Adjust(LimitsOptions limits) => Pipeline.Adjust(new PoolTuning(0, 10, new QueueOptions()), limits);

    /// <summary>A gRPC call with one message.</summary>
    public Task<CallResult> CallAsync(CancellationToken caller = default, params (string Name, string Value)[] headers) =>
        CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 1, 7], headers), caller);

    /// <summary>Every permit came back, each once, and the limit was taught this.</summary>
    public async Task Settled(params End[] expected)
    {
        await Eventually.HoldsAsync(() => Limiter.InFlight == 0, "every permit to come back");
        var taught = Pool.TakeSample();
        Assert.Equal(
            (Count(End.Good), Count(End.Ignored), Count(End.Timeout), Count(End.PushBack), Count(End.Failure)),
            (taught.Good, taught.Ignored, taught.Timeouts, taught.PushBacks, taught.Failures));
        Assert.Equal((expected.Length, 0), (_totals.Acquired, _totals.StrayReturns));

        long Count(End end) => expected.LongCount(e => e == end);
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    private static ResolvedAddress Resolved(string address)
    {
        var endPoint = IPEndPoint.Parse(address);
        return new ResolvedAddress(new UpstreamAddress(endPoint.Address.ToString(), endPoint.Port), endPoint);
    }
}

/// <summary>What the end of a call teaches.</summary>
public enum End
{
    Good,
    Ignored,
    Timeout,
    PushBack,
    Failure,
}
