using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Tests.Pooling.Health;

/// <summary>Whatever takes calls from an address, or gives them back to it, says so in the log, and why.</summary>
public class AddressLogTests
{
    private const string Advice = "Look at that instance; /admin/pools shows it";
    private static readonly CallOutcome _failed = CallOutcome.Dropped(DropKind.Failure);
    private static readonly string _first = Addresses.Number(1).ToString();

    [Fact]
    public async Task FailuresInARow_ThenAProbeThatFails_ThenOneThatIsGood_AreToldOneAfterTheOther()
    {
        var test = await TwoAsync(new OutlierOptions());
        GiveBack(test, await EachAsync(test, 5), _ => _failed);
        Assert.Equal($"203 test: {_first} gets no calls for a while: 5 calls failed in a row, while of the others' 5 0 did. {Advice}", Assert.Single(test.Log.Lines));

        test.Transport.AutoConnectLimit = int.MaxValue;
        await ProbeAsync(test, _failed);
        Assert.Equal($"203 test: {_first} gets no calls for a while: the call that was to show whether it is well again failed. {Advice}", test.Log.Lines.Last());
        await ProbeAsync(test, Outcome.Good);
        Assert.Equal($"204 test: {_first} is well again and gets calls, few at first", test.Log.Lines.Last());
        Assert.Equal(3, test.Log.Lines.Count);
    }

    [Fact]
    public async Task FailureRatio_IsToldWithBothSidesNumbers()
    {
        var test = await TwoAsync(new OutlierOptions { ConsecutiveFailures = 0 });
        GiveBack(test, await EachAsync(test, 20), n => n % 4 == 0 ? Outcome.Good : _failed);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal($"203 test: {_first} gets no calls for a while: 15 of 20 calls failed, of the others' 20 0. {Advice}", Assert.Single(test.Log.Lines));
    }

    [Fact]
    public async Task SlowAddress_IsToldWithBothTimes()
    {
        var test = await TwoAsync(new OutlierOptions { MinCalls = 10 });
        var leases = await EachAsync(test, 10);
        test.Clock.Advance(TimeSpan.FromMilliseconds(2));
        GiveBack(test, leases.Where(lease => !IsFirst(lease)), _ => Outcome.Good);
        test.Clock.Advance(TimeSpan.FromMilliseconds(98));
        GiveBack(test, leases.Where(IsFirst), _ => Outcome.Good);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal($"203 test: {_first} gets no calls for a while: it takes 100 ms in the mean, the others take 2 ms. {Advice}", Assert.Single(test.Log.Lines));
    }

    [Fact]
    public async Task Checks_OfOneThenOfAll_ThenOneGoodAgain_AreTold_AndSoIsThePanicBetween()
    {
        var check = new CheckOptions { Kind = CheckKind.Connect, Unhealthy = 1 };
        var test = await TwoAsync(new OutlierOptions(), check);
        var hosts = test.Pool.Hosts;
        test.Pool.Checked(hosts[0], "it says no");
        test.Pool.Checked(hosts[1], "no answer within Check:Timeout = 00:00:02");
        test.Pool.Checked(hosts[0], null);
        Assert.Equal(
            [
                $"203 test: {_first} gets no calls for a while: its check failed: it says no. {Advice}",
                $"203 test: {Addresses.Number(2)} gets no calls for a while: its check failed: no answer within Check:Timeout = 00:00:02. {Advice}",
                "205 test: not one address is well, so all of them get calls. Look at the upstream",
                $"204 test: {_first} is well again and gets calls, few at first",
                "206 test: an address is well again; those that are not get no calls",
            ],
            test.Log.Lines);
    }

    private static async Task<PoolUnderTest> TwoAsync(OutlierOptions outliers, CheckOptions? check = null)
    {
        var test = new PoolUnderTest(addresses: 2, isMultiplexed: true, callsPerChannel: 100, outliers: outliers, check: check, pool: o => (o.Min, o.Max) = (2, 2));
        while (test.Transport.Pending.Count > 0) test.Transport.Pending[0].Succeed();
        await Eventually.HoldsAsync(() => test.Pool.Snapshot().Idle == 2, "a channel to each");
        return test;
    }

    private static async Task<List<ChannelLease>> EachAsync(PoolUnderTest test, int count)
    {
        List<ChannelLease> leases = [];
        while (leases.Count < 2 * count) leases.Add(await test.Lease());
        Assert.Equal(count, leases.Count(IsFirst));
        return leases;
    }

    // Those of the other address are good, and over before the first one's.
    private static void GiveBack(PoolUnderTest test, IEnumerable<ChannelLease> leases, Func<int, CallOutcome> outcomeAtFirst)
    {
        var n = 0;
        foreach (var lease in leases.OrderBy(IsFirst)) test.Pool.Return(lease, IsFirst(lease) ? outcomeAtFirst(n++) : Outcome.Good);
    }

    private static async Task ProbeAsync(PoolUnderTest test, CallOutcome outcome)
    {
        for (var second = 0; second < 65 && test.Pool.Snapshot().Addresses[0].Phase != AddressPhase.Probing; second++) test.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => test.Transport.Open.Exists(channel => channel.Address == Addresses.Number(1)), "a channel for the probe");
        var probe = await test.Lease();
        Assert.True(IsFirst(probe));
        test.Pool.Return(probe, outcome);
    }

    private static bool IsFirst(ChannelLease lease) => lease.Owner.Host.Address == Addresses.Number(1);
}
