using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Http;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>The path of a call over real sockets, with a limiter that remembers what it was taught.</summary>
internal sealed class PipelineUnderTest : IAsyncDisposable
{
    private readonly PoolTotals _totals = new();
    private readonly CallPipeline _pipeline;

    public PipelineUnderTest(string address, Protocol protocol = Protocol.Grpc, LimitsOptions? limits = null, RetryOptions? retry = null, IForwarding? forwarding = null)
    {
        var settings = new PoolSettings("test", protocol.IsMultiplexed(), protocol.IsMultiplexed() ? 100 : 1, new PoolOptions(), new QueueOptions());
        var transport = new HttpTransport(new HttpTransportSettings { Protocol = protocol, Tls = new TlsOptions() });
        Pool = new ChannelPool(settings, transport, Limiter, _totals, Clock, NullLogger.Instance);
        var endPoint = IPEndPoint.Parse(address);
        Pool.SetAddresses([new ResolvedAddress(new UpstreamAddress(endPoint.Address.ToString(), endPoint.Port), endPoint)]);
        _pipeline = new CallPipeline(Pool, CallSemantics.Of(protocol), limits ?? new(), retry ?? new(), Clock, forwarding);
    }

    public ChannelPool Pool { get; }

    public ManualTimeProvider Clock { get; } = new();

    public RecordingLimiter Limiter { get; } = new();

    public Task<CallResult> CallAsync(CallRequest request, CancellationToken caller = default) => _pipeline.CallAsync(request, caller).AsTask();

    /// <summary>A gRPC call with one message.</summary>
    public Task<CallResult> CallAsync(CancellationToken caller = default, params (string Name, string Value)[] headers) =>
        CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 1, 7], headers), caller);

    /// <summary>Every permit came back, each once, with these verdicts in this order.</summary>
    public async Task Settled(params Verdict[] expected)
    {
        await Eventually.HoldsAsync(() => Limiter.InFlight == 0, "every permit to come back");
        Assert.Equal(expected, Limiter.Verdicts);
        Assert.Equal((expected.Length, 0), (_totals.Acquired, _totals.StrayReturns));
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();
}

/// <summary>Deals any number of permits, or none while it is <see cref="IsClosed"/>, and remembers the verdicts.</summary>
internal sealed class RecordingLimiter : ILimiter
{
    private readonly Lock _gate = new();
    private readonly List<Verdict> _verdicts = [];
    private int _inFlight;

    public bool IsClosed { get; set; }

    public int Limit => IsClosed ? 0 : int.MaxValue;

    public int InFlight => Volatile.Read(ref _inFlight);

    public IReadOnlyList<Verdict> Verdicts
    {
        get
        {
            lock (_gate) return [.. _verdicts];
        }
    }

    public bool TryAcquire()
    {
        if (IsClosed) return false;
        Interlocked.Increment(ref _inFlight);
        return true;
    }

    public void Settle(Verdict verdict, TimeSpan responseTime)
    {
        lock (_gate) _verdicts.Add(verdict);
        Interlocked.Decrement(ref _inFlight);
    }

    public IDisposable OnRaised(Action callback) => new CancellationTokenSource();
}
