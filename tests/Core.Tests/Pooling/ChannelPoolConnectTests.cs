using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Opening connections: how many, how fast, to whom, and what when it fails.</summary>
public class ChannelPoolConnectTests
{
    [Fact] // 18
    public void Waiters_OnMultiplexedChannels_ShareOneAttempt()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 10);
        for (var n = 0; n < 10; n++) _ = test.Acquire();
        test.Expect(connecting: 1, waiting: 10);
        _ = test.Acquire();
        test.Expect(connecting: 2, waiting: 11);
    }

    [Fact] // 18
    public void Connects_AreNeverMoreAtOnceThanThePaceAllows()
    {
        var test = new PoolUnderTest(pool: o => (o.Max, o.ConnectConcurrency) = (10, 2));
        for (var n = 0; n < 10; n++) _ = test.Acquire();
        test.Expect(connecting: 2, waiting: 10);
        test.Transport.Pending[0].Succeed();
        test.Expect(busy: 1, connecting: 2, waiting: 9);
    }

    [Fact] // 18: HikariCP's spike: 5 warm, 50 callers at once, 2 ms of work each, 150 ms to connect; all are served before a connect is through
    public async Task Spike_OfShortCalls_OpensFewConnections()
    {
        var test = new PoolUnderTest(pool: o => (o.Min, o.Max, o.ConnectConcurrency) = (5, 50, 2));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        test.Expect(idle: 5);
        foreach (var call in Enumerable.Range(0, 50).Select(_ => test.Acquire()).ToList()) test.Pool.Return(await call.Granted(), Outcome.Good);
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        test.Expect(idle: 7);
    }

    [Fact] // 19
    public async Task ConnectFails_NothingElseOpen_TellsAllWhoWaitedAndStartsNoneForThem()
    {
        var test = new PoolUnderTest(pool: o => (o.ConnectAttempts, o.ConnectConcurrency) = (1, 1));
        var waiting = Enumerable.Range(0, 5).Select(_ => test.Acquire()).ToList();
        test.Transport.Pending[0].Fail();
        foreach (var call in waiting) Assert.True((await call.Refused(FailureCode.ConnectFailed)).IsRetryable);
        Assert.Equal(1, test.Transport.Attempts);
        test.Expect();
    }

    [Fact] // 19
    public async Task ConnectFails_OtherChannelsBusy_LeavesWaitersToTheirReturn()
    {
        var test = new PoolUnderTest(pool: o => o.ConnectAttempts = 1);
        await test.OpenIdle(1);
        var held = await test.Lease();
        var waiting = test.Acquire();
        test.Transport.Pending[0].Fail();
        Assert.False(waiting.IsCompleted);
        test.Pool.Return(held, Outcome.Good);
        await waiting.Granted();
    }

    [Fact]
    public void ConnectFails_OneAddressOnly_IsTriedAgainAfterAJitteredDelay()
    {
        var test = new PoolUnderTest(pool: o => (o.ConnectAttempts, o.ConnectRetryDelay) = (2, TimeSpan.FromMilliseconds(100)));
        _ = test.Acquire();
        test.Transport.Pending[0].Fail();
        Assert.Empty(test.Transport.Pending);
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(test.Transport.Pending);
    }

    [Fact]
    public async Task ConnectFails_AnotherAddressLives_IsTriedThereAtOnce()
    {
        var test = new PoolUnderTest(addresses: 2);
        var waiting = test.Acquire();
        var failed = test.Transport.Pending[0].Address;
        test.Transport.Pending[0].Fail();
        Assert.NotEqual(failed, test.Transport.Pending[0].Address);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task ConnectFails_ItsAddressIsLeftAloneFromNowOn_TheOtherIsTriedAtOnce()
    {
        var test = new PoolUnderTest(addresses: 2, pool: o => o.ConnectAttempts = 6);
        var waiting = test.Acquire();

        // The third failure of the first address, which is the fifth in all, opens its circuit; no clock moves here.
        for (var failures = 0; failures < 5; failures++) (await test.Attempt()).Fail();
        (await test.Attempt()).Succeed();
        await waiting.Granted();
    }

    [Fact]
    public async Task Connects_OverTwoAddresses_GoToTheOneWithFewer()
    {
        var test = new PoolUnderTest(addresses: 2, pool: o => o.Max = 10);
        await test.OpenIdle(10);
        var perAddress = test.Transport.Open.CountBy(c => c.Address).Select(p => p.Value).ToList();
        Assert.Equal(2, perAddress.Count);
        Assert.All(perAddress, count => Assert.InRange(count, 4, 6));
    }

    [Fact]
    public async Task BlackHole_ConnectTimeoutOver_FailsAsTimeoutAndFreesTheSlot()
    {
        var test = new PoolUnderTest(pool: o => (o.ConnectAttempts, o.ConnectTimeout) = (1, TimeSpan.FromSeconds(5)));
        var waiting = test.Acquire();
        test.Clock.Advance(TimeSpan.FromSeconds(5));
        await waiting.Refused(FailureCode.ConnectTimeout);
        test.Expect();
    }

    [Fact] // 25
    public async Task CircuitOpen_NewCallers_AreRefusedAtOnceWithTheTimeToWait()
    {
        var test = await WithOpenCircuit();
        var attempts = test.Transport.Attempts;
        var told = await test.Acquire().Refused(FailureCode.CircuitOpen);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(1));
        Assert.Equal(attempts, test.Transport.Attempts);
    }

    [Fact] // 25
    public async Task CircuitOpen_BreakOver_OneAttemptProbesAndServesAll()
    {
        var test = await WithOpenCircuit();
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        var waiting = Enumerable.Range(0, 3).Select(_ => test.Acquire()).ToList();
        var probe = await test.Attempt();
        Assert.Equal(4, test.Transport.Attempts);
        probe.Succeed();
        await waiting[0].Granted();
        for (var others = 0; others < 2; others++) (await test.Attempt()).Succeed();
        await waiting[2].Granted();
    }

    [Fact] // 25
    public async Task Probe_Fails_BreakGrowsLonger()
    {
        var test = await WithOpenCircuit();
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        var probing = test.Acquire();
        (await test.Attempt()).Fail();
        await probing.Refused(FailureCode.ConnectFailed);
        var told = await test.Acquire().Refused(FailureCode.CircuitOpen);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task FreshChannels_ClosedBeforeTheyServe_OpenTheCircuit()
    {
        var test = new PoolUnderTest(pool: o => (o.Max, o.BreakDuration) = (1, TimeSpan.FromSeconds(1)));
        for (var n = 0; n < 4 && test.Pool.Snapshot().Totals.Refused == 0; n++)
        {
            var call = test.Acquire();
            if (test.Transport.Pending.Count == 0) break;
            test.Transport.Pending[0].Succeed();
            var lease = await call.Granted();
            test.Transport.Open[0].Break();
            test.Pool.Return(lease, Outcome.Dropped);
        }

        await test.Acquire().Refused(FailureCode.CircuitOpen);
        Assert.InRange(test.Transport.Attempts, 2, 4);
    }

    [Fact]
    public async Task NoAddress_Caller_IsToldSo()
    {
        var test = new PoolUnderTest(addresses: 0);
        await test.Acquire().Refused(FailureCode.NoAddress);
    }

    [Fact]
    public async Task Minimum_IsOpenedBeforeWarm_AndKept()
    {
        var test = new PoolUnderTest(pool: o => o.Min = 2);
        test.Expect(connecting: 2);
        test.Transport.Pending[0].Succeed();
        Assert.False(test.Pool.Warm.IsCompleted);
        test.Transport.Pending[0].Succeed();
        await test.Pool.Warm.InTime("the pool to be warm");
        test.Transport.Open[0].Break();
        test.Expect(idle: 1, connecting: 1);
    }

    [Fact]
    public async Task Minimum_CannotBeOpened_PoolIsWarmAfterTheFirstRoundAndTriesOn()
    {
        var test = new PoolUnderTest(pool: o => (o.Min, o.ConnectAttempts) = (1, 1));
        test.Transport.Pending[0].Fail();
        await test.Pool.Warm.InTime("the first round to have ended");
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(test.Transport.Pending);
    }

    private static async Task<PoolUnderTest> WithOpenCircuit()
    {
        var test = new PoolUnderTest(pool: o => (o.ConnectAttempts, o.ConnectRetryDelay, o.BreakDuration) = (3, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1)));
        var first = test.Acquire();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (test.Transport.Pending.Count == 0) test.Clock.Advance(TimeSpan.FromMilliseconds(20));
            test.Transport.Pending[0].Fail();
        }

        await first.InTime("the first caller to be told");
        return test;
    }
}
