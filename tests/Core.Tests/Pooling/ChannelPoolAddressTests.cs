using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Several addresses behind one endpoint: who gets the calls, and what becomes of one that is dead.</summary>
public class ChannelPoolAddressTests
{
    [Fact]
    public async Task MultiplexedChannels_OverTwoAddresses_ShareTheCallsInFlight()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 100, addresses: 2, pool: o => (o.Min, o.Max) = (2, 2));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        var leases = new List<ChannelLease>();
        for (var n = 0; n < 100; n++) leases.Add(await test.Lease());
        Assert.All(PerAddress(leases), share => Assert.InRange(share, 45, 55));
    }

    [Fact]
    public async Task ExclusiveChannels_OverTwoAddresses_AreTakenFromTheLessBusyOne()
    {
        var test = new PoolUnderTest(addresses: 2, pool: o => o.Max = 20);
        await test.OpenIdle(20);
        var leases = new List<ChannelLease>();
        for (var n = 0; n < 10; n++) leases.Add(await test.Lease());
        Assert.All(PerAddress(leases), share => Assert.InRange(share, 4, 6));
    }

    [Fact]
    public async Task AddressGone_WhileAChannelToItOpens_ThatChannelTakesNoCall()
    {
        var test = new PoolUnderTest();
        var waiting = test.Acquire();
        test.Pool.SetAddresses([Addresses.Number(2)]);
        test.Transport.Pending[0].Succeed();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, test.Pool.Snapshot().Totals.Closed[CloseReason.AddressGone]);
        Assert.Equal(Addresses.Number(2), test.Transport.Pending[0].Address);
        test.Transport.Pending[0].Succeed();
        await waiting.Granted();
        test.Expect(busy: 1);
    }

    [Fact] // 25
    public async Task DeadAddressAmongTwo_IsLeftAlone_ThenProbedByExactlyOneAttempt()
    {
        var dead = Addresses.Number(1);
        var test = await WithOneDeadAddress(dead);

        // The other carries everything meanwhile.
        for (var n = 0; n < 4; n++) await OpenOne(test, Addresses.Number(2));

        // Its time is over: of the connections that are due, one goes there, and no other until that one has told.
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        for (var n = 0; n < 8; n++) _ = test.Acquire();
        await Eventually.HoldsAsync(() => test.Transport.Pending.Count == 8, "all connections to be on their way");
        Assert.Equal(1, test.Transport.Pending.Count(a => a.Address == dead));
    }

    [Fact] // 25
    public async Task DeadAddressAmongTwo_ProbedBack_CarriesCallsAgain()
    {
        var dead = Addresses.Number(1);
        var test = await WithOneDeadAddress(dead);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => OpenAndCountAsync(test, dead, enough: 8), "the address to get its part of the connections");
    }

    // Three failures open its circuit; each call that met it turns to the other address.
    private static async Task<PoolUnderTest> WithOneDeadAddress(ResolvedAddress dead)
    {
        var test = new PoolUnderTest(addresses: 2, pool: o => (o.Max, o.BreakDuration) = (1000, TimeSpan.FromSeconds(10)));
        for (var failed = 0; failed < 3;)
        {
            _ = test.Acquire();
            while (test.Pool.Snapshot().Connecting > 0)
            {
                await Eventually.HoldsAsync(() => RetryIsOut(test), "another attempt");
                var attempt = test.Transport.Pending[0];
                if (attempt.Address == dead) failed++;
                Answer(attempt, isDead: attempt.Address == dead);
            }
        }

        return test;
    }

    private static async Task<bool> OpenAndCountAsync(PoolUnderTest test, ResolvedAddress address, int enough)
    {
        _ = test.Acquire();
        (await test.Attempt()).Succeed();
        return test.Transport.Open.Count(c => c.Address == address) >= enough;
    }

    // The delay before a retry begins on another thread, so the clock is moved bit by bit.
    private static bool RetryIsOut(PoolUnderTest test)
    {
        if (test.Transport.Pending.Count > 0) return true;
        test.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return false;
    }

    private static void Answer(ConnectAttempt attempt, bool isDead)
    {
        if (isDead) attempt.Fail();
        else attempt.Succeed();
    }

    private static async Task OpenOne(PoolUnderTest test, ResolvedAddress expected)
    {
        _ = test.Acquire();
        var attempt = await test.Attempt();
        Assert.Equal(expected, attempt.Address);
        attempt.Succeed();
    }

    private static IEnumerable<int> PerAddress(List<ChannelLease> leases) => leases.CountBy(l => ((ScriptedChannel)l.Channel).Address).Select(p => p.Value);
}
