using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>One address among several that is worse than the rest.</summary>
public class AddressWeightTests
{
    private static readonly TimeSpan _quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task AddressThatSwallowsCalls_HoldsFewOfThem_WhileOthersHaveRoom()
    {
        var test = Four();
        var healthy = new Queue<ChannelLease>();
        var swallowed = new List<ChannelLease>();
        var mostLater = 0;
        for (var n = 0; n < 2_000; n++)
        {
            var lease = await test.Lease();
            if (IsBad(lease)) swallowed.Add(lease);
            else healthy.Enqueue(lease);
            if (healthy.Count >= 60) test.Pool.Return(healthy.Dequeue(), CallOutcome.Ignored);

            // What the bad address swallowed times out after a while; it is never answered.
            if (n % 100 != 99) continue;
            mostLater = n < 1_000 ? 0 : Math.Max(mostLater, swallowed.Count);
            swallowed.ForEach(late => test.Pool.Return(late, CallOutcome.Dropped(DropKind.Timeout)));
            swallowed.Clear();
        }

        // An even spread would give it 25 of each hundred.
        Assert.InRange(mostLater, 0, 4);
    }

    [Fact]
    public async Task SlowAddress_HasFewerCallsInFlightThanTheOthers()
    {
        var test = Four();
        await TeachAsync(test, bad: _slow);
        var leases = await LeasesAsync(test, 130);
        Assert.InRange(leases.Count(IsBad), 1, 15);
    }

    [Fact]
    public async Task AddressesThatAreAllSlow_AreAllUsedAlike()
    {
        var test = Four();
        await TeachAsync(test, bad: _quick);
        var leases = await LeasesAsync(test, 100);
        Assert.All(leases.GroupBy(lease => lease.Owner.Host).Select(host => host.Count()), count => Assert.InRange(count, 24, 26));
    }

    [Fact]
    public async Task SparedAddress_ComesBackByItself_WithinHalfAMinuteWithoutACall()
    {
        var test = Four();
        foreach (var lease in await LeasesAsync(test, 40)) test.Pool.Return(lease, IsBad(lease) ? CallOutcome.Dropped(DropKind.Timeout) : CallOutcome.Ignored);
        var before = await LeasesAsync(test, 9);
        Assert.DoesNotContain(before, IsBad);
        before.ForEach(lease => test.Pool.Return(lease, CallOutcome.Ignored));
        for (var second = 0; second < 30; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(await LeasesAsync(test, 9), IsBad);
    }

    [Fact]
    public void Weight_OfAnAddressThatOnlyFails_NeverGoesBelowItsLeast_AndGoodCallsBringItBack()
    {
        var weight = new AddressWeight();
        for (var n = 0; n < 100; n++) weight.Learn(CallOutcome.Dropped(DropKind.Failure), _quick, _quick.Ticks);
        Assert.Equal(AddressWeight.Least, weight.Value);
        for (var n = 0; n < 70; n++) weight.Learn(Outcome.Good, _quick, _quick.Ticks);
        Assert.Equal(1, weight.Value);
    }

    [Fact]
    public void Weight_LearnsNothingFromIgnoredCalls()
    {
        var weight = new AddressWeight();
        weight.Learn(CallOutcome.Ignored, _slow, _quick.Ticks);
        Assert.Equal((1, 0), (weight.Value, weight.MeanTicks));
    }

    private static PoolUnderTest Four()
    {
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 1_000, addresses: 4, pool: o => (o.Min, o.Max) = (4, 4));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        return test;
    }

    private static bool IsBad(ChannelLease lease) => lease.Owner.Host.Address == Addresses.Number(1);

    private static async Task<List<ChannelLease>> LeasesAsync(PoolUnderTest test, int count)
    {
        var leases = new List<ChannelLease>();
        for (var n = 0; n < count; n++) leases.Add(await test.Lease());
        return leases;
    }

    private static async Task TeachAsync(PoolUnderTest test, TimeSpan bad)
    {
        for (var round = 0; round < 20; round++)
        {
            var leases = await LeasesAsync(test, 40);
            test.Clock.Advance(_quick);
            leases.Where(lease => !IsBad(lease)).ToList().ForEach(lease => test.Pool.Return(lease, Outcome.Good));
            test.Clock.Advance(bad - _quick);
            leases.Where(IsBad).ToList().ForEach(lease => test.Pool.Return(lease, Outcome.Good));
        }
    }
}
