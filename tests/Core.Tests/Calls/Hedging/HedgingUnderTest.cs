using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Hedging;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls.Hedging;

/// <summary>An endpoint with two addresses, a connection to each, and calls that may be done twice.</summary>
internal sealed class HedgingUnderTest : IAsyncDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private readonly Http2Upstream[] _upstreams = [Http2Upstream.Start(), Http2Upstream.Start()];
    private readonly List<Task<Http2UpstreamCall>> _next = [];

    private HedgingUnderTest(Protocol protocol, Action<HedgingOptions>? configure, RetryOptions? retry)
    {
        var options = new HedgingOptions { Methods = ["/test.Service/*"], Delay = Delay };
        configure?.Invoke(options);
        var address = string.Join(',', _upstreams.Select(upstream => upstream.Address));
        Pipeline = new PipelineUnderTest(address, protocol, retry: retry, hedging: options, pool: new PoolOptions { Min = 2, Max = 2 });
    }

    public PipelineUnderTest Pipeline { get; }

    public CallTotals Totals => Pipeline.Pipeline.Totals;

    public IReadOnlyList<Http2UpstreamConnection> Connections { get; private set; } = [];

    /// <summary>Both connections are open.</summary>
    public static async Task<HedgingUnderTest> StartAsync(Protocol protocol = Protocol.Grpc, Action<HedgingOptions>? configure = null, RetryOptions? retry = null)
    {
        var test = new HedgingUnderTest(protocol, configure, retry);
        test.Connections = await Task.WhenAll(test._upstreams.Select(upstream => upstream.ConnectionAsync()));
        test._next.AddRange(test.Connections.Select(connection => connection.CallAsync()));
        await Eventually.HoldsAsync(() => test.Pipeline.Pool.Snapshot().Idle == 2, "both channels to be open");
        return test;
    }

    /// <summary>The next attempt, at whichever address.</summary>
    public async Task<Http2UpstreamCall> AttemptAsync()
    {
        var first = await Task.WhenAny(_next);
        var at = _next.IndexOf(first);
        _next[at] = Connections[at].CallAsync();
        return await first;
    }

    /// <summary>The next attempt, which time alone brings about.</summary>
    public async Task<Http2UpstreamCall> HedgeAsync()
    {
        var hedge = AttemptAsync();
        await PassAsync(() => hedge.IsCompleted, "a second attempt");
        return await hedge;
    }

    /// <summary>Time passes until that holds. Its timers are set on other threads, so nobody knows the moment.</summary>
    public Task PassAsync(Func<bool> condition, string expected) => Eventually.HoldsAsync(
        () =>
        {
            if (!condition()) Pipeline.Clock.Advance(TimeSpan.FromMilliseconds(10));
            return condition();
        },
        expected);

    /// <summary>Time enough for many hedges, if there were to be one.</summary>
    public async Task PassInVainAsync()
    {
        for (var step = 0; step < 200; step++)
        {
            Pipeline.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        foreach (var upstream in _upstreams) await upstream.DisposeAsync();
    }
}
