using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Leases that are held for too long: told once, shown while they are out, and never cut.</summary>
public class LeakTests
{
    [Fact]
    public async Task Lease_HeldOverTheThreshold_IsCountedOnce_AndShownWithItsCallUntilItComesBack()
    {
        var test = new PoolUnderTest(pool: o => o.LeakThreshold = TimeSpan.FromMinutes(1));
        await test.OpenIdle(2);
        var forgotten = await LeaseFor(test, "/billing.Billing/Charge?x=1", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        Pass(test, seconds: 50);
        var fresh = await test.Lease();
        Assert.Empty(test.Pool.Snapshot().Leaks);
        Pass(test, seconds: 20);
        Pass(test, seconds: 20);
        var leak = Assert.Single(test.Pool.Snapshot().Leaks);
        Assert.Equal(
            ("/billing.Billing/Charge", "shop", "0af7651916cd43dd8448eb211c80319c", Addresses.Number(1).ToString(), TimeSpan.FromSeconds(90)),
            (leak.Method, leak.Caller, leak.TraceId, leak.Address, leak.HeldFor));
        Assert.Equal(1, test.Totals.Leaked);
        Assert.Equal(
            $"104 test: a lease has been held for 00:01:00 by /billing.Billing/Charge of shop, trace 0af7651916cd43dd8448eb211c80319c, at {Addresses.Number(1)}. "
            + "Look whether the caller reads and disposes its answers; raise Pool:LeakThreshold if calls may last as long",
            Assert.Single(test.Log.Lines));
        test.Pool.Return(forgotten, Outcome.Good);
        Assert.Empty(test.Pool.Snapshot().Leaks);
        test.Pool.Return(fresh, Outcome.Good);
    }

    [Fact]
    public async Task Lease_OfACallThatWaited_IsKnownByItsCall()
    {
        var test = new PoolUnderTest(permits: 1, pool: o => (o.Max, o.LeakThreshold) = (1, TimeSpan.FromMinutes(1)));
        await test.OpenIdle(1);
        var first = await test.Lease();
        var waiting = LeaseFor(test, "/s/Wait");
        test.Pool.Return(first, CallOutcome.Ignored);
        await waiting;
        Pass(test, seconds: 61);
        Assert.Equal(("/s/Wait", "none"), (Assert.Single(test.Pool.Snapshot().Leaks).Method, Assert.Single(test.Pool.Snapshot().Leaks).TraceId));
    }

    [Fact]
    public async Task Threshold_OfZero_TellsNothing()
    {
        var test = new PoolUnderTest(pool: o => o.LeakThreshold = TimeSpan.Zero);
        await test.OpenIdle(1);
        await test.Lease();
        Pass(test, seconds: 1_000);
        Assert.Equal((0, 0), (test.Totals.Leaked, test.Pool.Snapshot().Leaks.Count));
        Assert.Empty(test.Log.Lines);
    }

    private static async Task<ChannelLease> LeaseFor(PoolUnderTest test, string target, params (string Name, string Value)[] headers)
    {
        var block = new HeaderBlock();
        foreach (var (name, value) in headers) block.Add(name, value);
        var request = new CallRequest { Method = "POST", Target = target, Headers = block, ClientId = "shop" };
        return await test.Pool.AcquireAsync(new Admission(Deadline.None, Request: request), default).AsTask().Granted();
    }

    private static void Pass(PoolUnderTest test, int seconds)
    {
        for (var n = 0; n < seconds; n++) test.Clock.Advance(TimeSpan.FromSeconds(1));
    }
}
