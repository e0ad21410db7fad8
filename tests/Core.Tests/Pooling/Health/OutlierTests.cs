using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Tests.Pooling.Health;

/// <summary>An address that is worse than the others: out for a while, probed by one call, and back by and by.</summary>
public class OutlierTests
{
    private static readonly CallOutcome _failed = CallOutcome.Dropped(DropKind.Failure);
    private static readonly ResolvedAddress _bad = Addresses.Number(1);

    [Fact]
    public async Task FiveFailuresInARow_LeaveTheAddressOut_AndSayWhy()
    {
        var test = await WithOneOutAsync();
        var address = Snapshot(test, _bad);
        Assert.Equal((AddressPhase.Ejected, "5 calls failed in a row, while of the others' 15 0 did"), (address.Phase, address.Why));
        Assert.Equal((1, 1), (test.Totals.Ejected[EjectReason.ConsecutiveFailures], test.Totals.Closed[CloseReason.Ejected]));
        Assert.DoesNotContain(await LeasesAsync(test, 40), IsBad);
    }

    [Fact]
    public async Task AddressesThatAllFail_AreNoOutliers()
    {
        var test = Four();
        for (var round = 0; round < 10; round++) GiveBack(test, await LeasesAsync(test, 20), _ => _failed);
        Assert.All(test.Pool.Snapshot().Addresses, address => Assert.Equal(AddressPhase.Well, address.Phase));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 2)]
    public async Task BadAddresses_AreLeftOut_UpToTheShare(double share, int expected)
    {
        var test = Four(new OutlierOptions { MaxShare = share });
        for (var round = 0; round < 10; round++) GiveBack(test, await LeasesAsync(test, 40), lease => Number(lease) <= 3 ? _failed : Outcome.Good);
        Assert.Equal(expected, test.Pool.Snapshot().Addresses.Count(address => address.Phase == AddressPhase.Ejected));
    }

    [Fact]
    public async Task CallsInFlight_OnAnAddressLeftOut_Finish_AndKeepTheirSlot()
    {
        var test = Four();
        var leases = await LeasesAsync(test, 28);
        var kept = leases.First(IsBad);
        GiveBack(test, leases.Where(lease => !(lease.Slot == kept.Slot && lease.Owner == kept.Owner)), lease => IsBad(lease) ? _failed : Outcome.Good);
        Assert.Equal((AddressPhase.Ejected, 1), (Snapshot(test, _bad).Phase, test.Pool.Snapshot().Draining));
        Assert.False(((ScriptedChannel)kept.Channel).WasAskedToClose);
        test.Pool.Return(kept, Outcome.Good);
        Assert.True(((ScriptedChannel)kept.Channel).WasAskedToClose);
        Assert.Equal(AddressPhase.Ejected, Snapshot(test, _bad).Phase);
    }

    [Fact]
    public async Task AfterItsTime_OneCallProbesIt_AndASuccessBringsItBackSlowly()
    {
        var test = await WithOneOutAsync();
        var probe = await ProbeAsync(test);
        Assert.DoesNotContain(await LeasesAsync(test, 40), IsBad);
        test.Pool.Return(probe, Outcome.Good);
        var back = Snapshot(test, _bad);
        Assert.Equal((AddressPhase.Well, AddressWeight.Least), (back.Phase, back.Weight));
        test.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.InRange(Snapshot(test, _bad).Weight, 0.4, 0.6);
        for (var second = 0; second < 30; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Snapshot(test, _bad).Weight);
        Assert.Contains(await LeasesAsync(test, 8), IsBad);
    }

    [Fact]
    public async Task Probe_ThatFails_LeavesItOutForLonger()
    {
        var test = await WithOneOutAsync();
        test.Pool.Return(await ProbeAsync(test), _failed);
        Assert.Equal((AddressPhase.Ejected, 1), (Snapshot(test, _bad).Phase, test.Totals.Ejected[EjectReason.ProbeFailed]));

        // 60 s, less a fifth at most.
        for (var second = 0; second < 47; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AddressPhase.Ejected, Snapshot(test, _bad).Phase);
        for (var second = 0; second < 14; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AddressPhase.Probing, Snapshot(test, _bad).Phase);
    }

    [Fact]
    public async Task Probe_WhoseCallerLeaves_IsFollowedByAnother()
    {
        var test = await WithOneOutAsync();
        test.Pool.Return(await ProbeAsync(test), CallOutcome.Ignored);
        Assert.Equal(AddressPhase.Probing, Snapshot(test, _bad).Phase);
        Assert.True(IsBad(await test.Lease()));
    }

    [Fact]
    public async Task AllSlotsTaken_AnAddressWithSeveralChannels_MakesRoomForTheProbe()
    {
        var test = new PoolUnderTest(addresses: 2, outliers: new OutlierOptions(), pool: o => o.Max = 4);
        await test.OpenIdle(4);
        test.Transport.AutoConnectLimit = int.MaxValue;
        for (var n = 0; n < 8; n++) GiveBack(test, await LeasesAsync(test, 4), lease => IsBad(lease) ? _failed : Outcome.Good);
        Assert.Equal(AddressPhase.Ejected, Snapshot(test, _bad).Phase);
        await test.OpenIdle(4);
        Assert.Equal(4, test.Transport.Open.Count(channel => channel.Address != _bad));
        PassUntilAttempt(test);
        Assert.Equal(_bad, (await test.Attempt()).Address);
        Assert.Equal(1, test.Totals.Closed[CloseReason.MadeRoom]);
        test.Expect(idle: 3, connecting: 1);
    }

    [Fact]
    public async Task NoneWell_AllGetCalls_UntilOneIs()
    {
        var test = new PoolUnderTest(addresses: 2, isMultiplexed: true, callsPerChannel: 100, outliers: new OutlierOptions(), pool: o => (o.Min, o.Max) = (2, 2));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        GiveBack(test, await LeasesAsync(test, 20), lease => IsBad(lease) ? _failed : Outcome.Good);
        Assert.Equal(AddressPhase.Ejected, Snapshot(test, _bad).Phase);

        // The other one dies, and its circuit opens: the one that was left out is better than none.
        test.Transport.Open.Single().Break();
        await Eventually.HoldsAsync(() => FailAttempts(test), "attempts at the address that was left out");
        test.Transport.Pending.First(attempt => attempt.Address == _bad).Succeed();
        var lease = await test.Lease();
        Assert.True(IsBad(lease));
    }

    [Fact]
    public void SlowStart_IsRelativeToTheTimeSinceItCameBack()
    {
        var health = new AddressHealth(new OutlierOptions { SlowStart = TimeSpan.FromSeconds(100) }, new Random(1));
        health.StartSlowly(TimeSpan.FromSeconds(1_000));
        Assert.Equal(AddressWeight.Least, health.Ramp);
        health.Advance(TimeSpan.FromSeconds(1_030));
        Assert.Equal(0.3, health.Ramp, 3);
        health.Advance(TimeSpan.FromSeconds(1_100));
        Assert.Equal(1, health.Ramp);
    }

    private static bool FailAttempts(PoolUnderTest test)
    {
        foreach (var attempt in test.Transport.Pending.Where(attempt => attempt.Address != _bad)) attempt.Fail();
        test.Clock.Advance(TimeSpan.FromMilliseconds(20));
        return test.Transport.Pending.Any(attempt => attempt.Address == _bad);
    }

    private static PoolUnderTest Four(OutlierOptions? outliers = null)
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 1_000, addresses: 4, outliers: outliers ?? new OutlierOptions(), pool: o => (o.Min, o.Max) = (4, 4));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        return test;
    }

    // Its slot goes to another address, so that there is none for the probe until room is made.
    private static async Task<PoolUnderTest> WithOneOutAsync()
    {
        var test = Four();
        GiveBack(test, await LeasesAsync(test, 20), lease => IsBad(lease) ? _failed : Outcome.Good);
        test.Transport.Pending[0].Succeed();
        return test;
    }

    private static async Task<ChannelLease> ProbeAsync(PoolUnderTest test)
    {
        PassUntilAttempt(test);
        var attempt = await test.Attempt();
        Assert.Equal(_bad, attempt.Address);
        attempt.Succeed();
        var lease = await test.Lease();
        Assert.True(IsBad(lease));
        return lease;
    }

    // 30 s, less a fifth at most.
    private static void PassUntilAttempt(PoolUnderTest test)
    {
        var seconds = 0;
        for (; test.Transport.Pending.Count == 0 && seconds < 40; seconds++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(seconds, 24, 31);
    }

    private static void GiveBack(PoolUnderTest test, IEnumerable<ChannelLease> leases, Func<ChannelLease, CallOutcome> outcome)
    {
        foreach (var lease in leases.OrderBy(IsBad)) test.Pool.Return(lease, outcome(lease));
    }

    private static AddressSnapshot Snapshot(PoolUnderTest test, ResolvedAddress address) => test.Pool.Snapshot().Addresses.Single(a => a.Address == address.ToString());

    private static bool IsBad(ChannelLease lease) => lease.Owner.Host.Address == _bad;

    private static int Number(ChannelLease lease) => Enumerable.Range(1, 4).Single(n => Addresses.Number(n) == lease.Owner.Host.Address);

    private static async Task<List<ChannelLease>> LeasesAsync(PoolUnderTest test, int count)
    {
        var leases = new List<ChannelLease>();
        for (var n = 0; n < count; n++) leases.Add(await test.Lease());
        return leases;
    }
}
