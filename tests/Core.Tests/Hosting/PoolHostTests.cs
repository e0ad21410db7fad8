using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Core.Tests.Pooling;
using OrleansPool.Core.Tests.Transports;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>From start to ready, and from drain to the end.</summary>
public class PoolHostTests
{
    private static readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Host_IsReadyWhenTheMinimumIsOpen_AndNotBefore()
    {
        var test = new PoolUnderTest(addresses: 0, pool: o => o.Min = 2);
        var host = Host(NewEndpoint("billing", test));
        await host.StartAsync(default);
        Assert.Equal((2, false), (test.Transport.Pending.Count, host.IsReady));
        test.Transport.Pending[0].Succeed();
        Assert.Equal((false, false), (test.Pool.Warm.IsCompleted, host.IsReady));
        test.Transport.Pending[0].Succeed();
        await Eventually.HoldsAsync(() => host.IsReady, "the host to be ready");
        test.Expect(idle: 2);
    }

    [Fact]
    public async Task Host_WithTwoEndpoints_WaitsForBoth()
    {
        var (first, second) = (new PoolUnderTest(addresses: 0, pool: o => o.Min = 1), new PoolUnderTest(addresses: 0, pool: o => o.Min = 1));
        var host = Host(NewEndpoint("billing", first), NewEndpoint("shipping", second));
        await host.StartAsync(default);
        first.Transport.Pending[0].Succeed();
        await first.Pool.Warm.InTime("one endpoint to be warm");
        Assert.False(host.IsReady);
        second.Transport.Pending[0].Succeed();
        await Eventually.HoldsAsync(() => host.IsReady, "the host to be ready");
    }

    [Fact]
    public async Task Host_WithAnUpstreamThatIsDown_IsReadyAfterTheFirstRound()
    {
        var test = new PoolUnderTest(addresses: 0, pool: o => (o.Min, o.ConnectAttempts) = (1, 1));
        var host = Host(NewEndpoint("billing", test));
        await host.StartAsync(default);
        Assert.False(host.IsReady);
        test.Transport.Pending[0].Fail();
        await Eventually.HoldsAsync(() => host.IsReady, "the host to be ready for its other endpoints");
    }

    [Fact]
    public async Task Drain_Begins_HostIsNoLongerReady_RefusesNew_AndLetsRunningCallsFinish()
    {
        var test = new PoolUnderTest(addresses: 0);
        var endpoint = NewEndpoint("billing", test);
        var host = await ReadyAsync(endpoint);
        await test.OpenIdle(2);
        var running = await test.Lease();
        var draining = host.StoppingAsync(default);
        Assert.Equal((false, true), (host.IsReady, host.IsDraining));
        var refused = await endpoint.CallAsync(EndpointUnderTest.Request([0, 0, 0, 0, 0]), default).AsTask().Failed(FailureCode.Draining);
        Assert.True(refused.IsRetryable);
        test.Clock.Advance(_drainTimeout - TimeSpan.FromTicks(1));
        test.Expect(draining: 1);
        Assert.False(draining.IsCompleted);
        test.Pool.Return(running, Outcome.Good);
        await draining.InTime("the drain to end with its last call");
        test.Expect();
    }

    [Fact]
    public async Task Drain_OfACallThatNeverEnds_IsOverAtTheDrainTimeout()
    {
        var test = new PoolUnderTest(addresses: 0);
        var host = await ReadyAsync(NewEndpoint("billing", test));
        await test.OpenIdle(1);
        await test.Lease();
        var draining = host.DrainAsync();
        test.Clock.Advance(_drainTimeout);
        await draining.InTime("the drain to end at its bound");
        test.Expect();
    }

    [Fact]
    public async Task Drain_Again_IsTheSameDrain()
    {
        var test = new PoolUnderTest(addresses: 0);
        var host = await ReadyAsync(NewEndpoint("billing", test));
        await test.OpenIdle(1);
        var running = await test.Lease();
        var first = host.DrainAsync();
        test.Clock.Advance(_drainTimeout / 2);
        var second = host.DrainAsync();
        test.Clock.Advance(_drainTimeout / 2);
        await first.InTime("the drain to end at the first one's bound");
        await second.InTime("the second to end with it");
        test.Pool.Return(running, Outcome.Ignored);
    }

    [Fact]
    public async Task Drain_BeforeTheHostIsWarm_LeavesNoConnection_AndItNeverBecomesReady()
    {
        var test = new PoolUnderTest(addresses: 0, pool: o => o.Min = 1);
        var host = Host(NewEndpoint("billing", test));
        await host.StartAsync(default);
        Assert.Single(test.Transport.Pending);
        await host.DrainAsync().InTime("the drain to end");
        await test.Pool.Warm.InTime("nobody to wait for warmth any more");
        test.Expect();
        Assert.Equal((false, 0), (host.IsReady, test.Transport.Connections));
    }

    private static async Task<PoolHost> ReadyAsync(Endpoint endpoint)
    {
        var host = Host(endpoint);
        await host.StartAsync(default);
        await Eventually.HoldsAsync(() => host.IsReady, "the host to be ready");
        return host;
    }

    private static PoolHost Host(params Endpoint[] endpoints) =>
        new(new EndpointDirectory(endpoints), NoShares(), new OrleansPoolOptions { DrainTimeout = _drainTimeout }, NullLogger<PoolHost>.Instance);

    // The tests' pools have what they need.
    private static EndpointShares NoShares() => new([], new InProcessBudget(TimeProvider.System), new HolderIdentity("test", 1), TimeProvider.System, NullLoggerFactory.Instance);

    private static Endpoint NewEndpoint(string name, PoolUnderTest test)
    {
        var resolver = new ScriptedResolver().Answer(name, "10.0.0.1");
        var watch = new AddressWatch(name, [new UpstreamAddress(name, 80)], resolver, test.Pool, TimeSpan.FromSeconds(30), test.Clock, NullLogger.Instance);
        var errors = new CallErrors(test.Clock);
        return new Endpoint(name, Protocol.Grpc, new CallPipeline(test.Pool, CallSemantics.Of(Protocol.Grpc), new(), new(), test.Clock), watch) { Errors = errors, History = new CallHistory(errors) };
    }
}
