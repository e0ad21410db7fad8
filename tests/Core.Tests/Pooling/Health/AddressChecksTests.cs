using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Pooling.Health;

/// <summary>Checks of addresses: within the cap, without a permit, and what follows from them.</summary>
public sealed class AddressChecksTests : IAsyncDisposable
{
    private readonly ScriptedProbe _probe = new();
    private AddressChecks? _checks;

    public async ValueTask DisposeAsync()
    {
        if (_checks is not null) await _checks.DisposeAsync();
    }

    [Fact]
    public async Task Checks_FailedTwice_LeaveTheAddressOut_UntilOneIsGood()
    {
        var test = Two(max: 4);
        _probe.Answers[Addresses.Number(1).ToString()] = "it says no";
        await CheckAsync();
        Assert.All(test.Pool.Snapshot().Addresses, address => Assert.Equal(AddressPhase.Well, address.Phase));
        await CheckAsync();
        var first = test.Pool.Snapshot().Addresses[0];
        Assert.Equal((AddressPhase.Ejected, "its check failed: it says no", 1L), (first.Phase, first.Why, test.Totals.Ejected[EjectReason.CheckFailed]));
        for (var n = 0; n < 10; n++) Assert.NotEqual(Addresses.Number(1), (await test.Lease()).Owner.Host.Address);

        // No time brings it back, a good check does: over a fresh channel.
        for (var minute = 0; minute < 30; minute++) test.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AddressPhase.Ejected, test.Pool.Snapshot().Addresses[0].Phase);
        _probe.Answers.Clear();
        await CheckAsync();
        Assert.Equal(AddressPhase.Well, test.Pool.Snapshot().Addresses[0].Phase);
    }

    [Fact]
    public async Task Check_TakesNoPermit_AndTeachesTheLimitNothing()
    {
        var test = Two(max: 4, permits: 1);
        var lease = await test.Lease();
        await CheckAsync();
        Assert.Equal((2, 1), (_probe.Asked.Count, test.Limiter.InFlight));
        test.Pool.Return(lease, Outcome.Good);
        var sample = test.Pool.TakeSample();
        Assert.Equal((1, 0, 0), (sample.Good, sample.Ignored, test.Limiter.InFlight));
    }

    [Fact]
    public async Task Check_OpensNothingBeyondTheCap_WhatHasNoSlotIsNotAsked()
    {
        var test = Two(max: 1);
        await CheckAsync();
        await CheckAsync();
        Assert.Single(_probe.Asked.Distinct());
        test.Expect(idle: 1);
    }

    [Fact]
    public async Task AddressKeptOut_WithAllSlotsTaken_GetsOneToBeAskedAgain()
    {
        var test = Two(max: 2);
        _probe.Answers[Addresses.Number(1).ToString()] = "it says no";
        await CheckAsync();
        await CheckAsync();
        var leases = new[] { await test.Lease(), await Fill(test) };
        foreach (var lease in leases) test.Pool.Return(lease, Outcome.Good);
        _probe.Answers.Clear();
        await CheckAsync();
        await CheckAsync();
        Assert.Equal(AddressPhase.Well, test.Pool.Snapshot().Addresses[0].Phase);
        Assert.Equal(2, test.Transport.MostConnections);
    }

    [Fact]
    public async Task Check_ThatIsNotAnswered_FailsWithItsTimeout_AndGivesItsPlaceBack()
    {
        var test = Two(max: 4);
        _probe.Hangs = true;
        for (var n = 0; n < 2; n++)
        {
            var checking = _checks!.CheckAllAsync();
            Assert.False(checking.IsCompleted);
            test.Clock.Advance(TimeSpan.FromSeconds(2));
            await checking.InTime("the checks to end");
        }

        Assert.All(test.Pool.Snapshot().Addresses, address => Assert.Equal("its check failed: no answer within Check:Timeout = 00:00:02", address.Why));
        Assert.Equal(0, test.Pool.Snapshot().Busy);
    }

    [Fact]
    public async Task AllKeptOut_AllGetCalls()
    {
        var test = Two(max: 4);
        foreach (var n in new[] { 1, 2 }) _probe.Answers[Addresses.Number(n).ToString()] = "it says no";
        await CheckAsync();
        await CheckAsync();
        Assert.All(test.Pool.Snapshot().Addresses, address => Assert.Equal(AddressPhase.Ejected, address.Phase));
        await test.Lease();
    }

    [Fact]
    public async Task ConnectThatFails_IsAFailedCheck()
    {
        var test = Two(max: 4, opensAlone: false);
        for (var n = 0; n < 2; n++)
        {
            var checking = _checks!.CheckAllAsync();
            foreach (var attempt in test.Transport.Pending) Answer(attempt);
            await checking.InTime("the checks to end");
        }

        Assert.Equal(["its check failed: scripted", ""], test.Pool.Snapshot().Addresses.Select(address => address.Why));

        static void Answer(ConnectAttempt attempt)
        {
            if (attempt.Address == Addresses.Number(1)) attempt.Fail();
            else attempt.Succeed();
        }
    }

    private PoolUnderTest Two(int max, int? permits = null, bool opensAlone = true)
    {
        var check = new CheckOptions { Kind = CheckKind.Connect };
        var test = new PoolUnderTest(isMultiplexed: true, callsPerChannel: 100, addresses: 2, permits: permits, check: check, pool: o => o.Max = max);
        test.Transport.AutoConnectLimit = opensAlone ? int.MaxValue : null;
        _checks = new AddressChecks(test.Pool, check, _probe, test.Clock, new Random(1));
        return test;
    }

    private Task CheckAsync() => _checks!.CheckAllAsync().InTime("the checks to end");

    // Two connections to the one address that gets calls, which takes one call on each.
    private static async Task<ChannelLease> Fill(PoolUnderTest test)
    {
        foreach (var channel in test.Transport.Open) channel.Announce(1);
        return await test.Lease();
    }

    private sealed class ScriptedProbe : IHealthProbe
    {
        public Dictionary<string, string> Answers { get; } = [];

        public List<string> Asked { get; } = [];

        public bool Hangs { get; set; }

        public async ValueTask<string?> CheckAsync(TransportChannel channel, CancellationToken cancellation)
        {
            var address = ((ScriptedChannel)channel).Address.ToString();
            Asked.Add(address);
            if (Hangs) await new TaskCompletionSource().Task.WaitAsync(cancellation);
            return Answers.GetValueOrDefault(address);
        }
    }
}
