using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Pooling;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>What tracing costs those who do not trace.</summary>
[Collection(TraceCollection.Name)]
public class UntracedCallTests
{
    private const int Calls = 1_000;

    [Fact]
    public async Task Call_WhereNobodyListens_AllocatesNothingForTraces()
    {
        var (without, with) = (await AllocatedAsync(isTraceable: false), await AllocatedAsync(isTraceable: true));
        Assert.Equal(without, with);
    }

    [Fact]
    public async Task Call_WhereSomebodyListens_DoesAllocate()
    {
        // Or the comparison above would compare nothing.
        using var trace = new TraceUnderTest();
        Assert.True(await AllocatedAsync(isTraceable: false) < await AllocatedAsync(isTraceable: true, trace.Parent));
    }

    private static async Task<long> AllocatedAsync(bool isTraceable, string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    {
        var clock = new ManualTimeProvider();
        await using var pool = new ChannelPool(
            new PoolSettings("told", true, 100, new PoolOptions { Min = 1 }, new QueueOptions()), new ToldTransport(), new ShareLimiter(0, clock.MonotonicNow()), new PoolTotals(), clock, NullLogger.Instance);
        pool.Apply(new PoolShare(100, 1));
        pool.SetAddresses([Addresses.Number(1)]);
        var semantics = CallSemantics.Of(Protocol.Grpc);
        var pipeline = new CallPipeline(pool, semantics, new LimitsOptions(), new RetryOptions(), clock) { Tracer = isTraceable ? new CallTracer("told", Protocol.Grpc, semantics) : null };
        for (var warm = 0; warm < 100; warm++) await CallOnceAsync(pipeline, parent);
        var thread = Environment.CurrentManagedThreadId;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < Calls; call++) await CallOnceAsync(pipeline, parent);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        return allocated;
    }

    // All of it is done at once, on this thread.
    private static async Task CallOnceAsync(CallPipeline pipeline, string parent)
    {
        var result = await pipeline.CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 0], ("traceparent", parent)), default);
        await result.Response!.DisposeAsync();
    }

    private sealed class ToldTransport : ITransport
    {
        public ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation) => new(ConnectResult.Connected(new ToldChannel()));
    }

    private sealed class ToldChannel : CallChannel
    {
        public override int PeerLimit => int.MaxValue;

        public override ValueTask<SendResult> SendAsync(CallRequest request, SendOptions options, CancellationToken cancellation) =>
            new(SendResult.Answered(new ToldAnswer(200, new HeaderBlock(0), new HeaderBlock(["grpc-status", "0"]))));

        protected override void Dispose(bool disposing) => RaiseClosed();
    }
}
