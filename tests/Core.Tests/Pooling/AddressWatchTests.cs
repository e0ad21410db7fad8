using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Transports;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Host names that are resolved again and again, and what the pool does with the answers.</summary>
public sealed class AddressWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan _refresh = TimeSpan.FromSeconds(30);

    private readonly PoolUnderTest _test = new(addresses: 0);
    private readonly ScriptedResolver _resolver = new();
    private AddressWatch? _watch;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
    }

    [Fact]
    public async Task Name_StandsForSeveralAddresses_AllAreUsed()
    {
        _resolver.Answer("billing", "10.0.0.1", "10.0.0.2");
        await StartAsync("billing:80");
        await _test.OpenIdle(4);
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], OpenTo().Distinct());
    }

    [Fact]
    public async Task AddressVanished_ItsChannelsDrain_CloseWithTheirLastCall_AndTheNewOneIsUsed()
    {
        _resolver.Answer("billing", "10.0.0.1");
        await StartAsync("billing:80");
        await _test.OpenIdle(2);
        var busy = await _test.Lease();
        _resolver.Answer("billing", "10.0.0.2");
        await RefreshAsync();
        _test.Expect(draining: 1);
        Assert.Equal(1, _test.Pool.Snapshot().Totals.Closed[CloseReason.AddressGone]);

        _test.Transport.AutoConnectLimit = int.MaxValue;
        var moved = await _test.Lease();
        Assert.Equal("10.0.0.2:80", AddressOf(moved));
        _test.Pool.Return(busy, Outcome.Good);
        _test.Expect(busy: 1);
        Assert.Equal(["10.0.0.2:80"], OpenTo());
    }

    [Fact]
    public async Task SameAddressesInAnotherOrder_ChangeNothing()
    {
        _resolver.Answer("billing", "10.0.0.1", "10.0.0.2");
        await StartAsync("billing:80");
        await _test.OpenIdle(4);
        _resolver.Answer("billing", "10.0.0.2", "10.0.0.1");
        await RefreshAsync();
        _test.Expect(idle: 4);
    }

    [Fact]
    public async Task Name_NoLongerResolves_KeepsItsLastAddresses_WhileAnotherMovesOn()
    {
        _resolver.Answer("billing", "10.0.0.1").Answer("spare", "10.0.0.2");
        await StartAsync("billing:80", "spare:80");
        await _test.OpenIdle(4);
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], OpenTo().Distinct());
        _resolver.Answer("billing").Answer("spare", "10.0.0.3");
        await RefreshAsync();
        Assert.Equal(["10.0.0.1:80"], OpenTo().Distinct());
        await _test.OpenIdle(4);
        Assert.Equal(["10.0.0.1:80", "10.0.0.3:80"], OpenTo().Distinct());
    }

    [Fact]
    public async Task Name_ResolvesOnlyLater_CallsAreServedFromThenOn()
    {
        await StartAsync("billing:80");
        Assert.True((await _test.Acquire().Refused(FailureCode.NoAddress)).IsRetryable);
        _resolver.Answer("billing", "10.0.0.1");
        await RefreshAsync();
        _test.Transport.AutoConnectLimit = int.MaxValue;
        Assert.Equal("10.0.0.1:80", AddressOf(await _test.Lease()));
    }

    [Fact]
    public async Task Name_DoesNotResolve_PoolWithAMinimumIsWarmAllTheSame()
    {
        var test = new PoolUnderTest(addresses: 0, pool: o => o.Min = 1);
        await using var watch = Watch(test.Clock, test.Pool, "billing:80");
        Assert.False(test.Pool.Warm.IsCompleted);
        await watch.StartAsync();
        await test.Pool.Warm.InTime("an upstream without an address to keep nobody waiting");
        test.Pool.SetAddresses([Addresses.Number(1)]);
        test.Expect(connecting: 1);
    }

    [Fact]
    public async Task Literals_AreNotAskedForAgain()
    {
        _resolver.Answer("10.0.0.1", "10.0.0.1").Answer("::1", "::1");
        await StartAsync("10.0.0.1:80", "[::1]:80");
        Assert.Equal(2, _resolver.Asked);
        var clock = new WatchedTimeProvider();
        await using var watch = Watch(clock, _test.Pool, "10.0.0.1:80");
        await watch.StartAsync();
        Assert.False(clock.IsAwaited(_refresh));
    }

    [Fact]
    public async Task Watch_Disposed_AsksNoMore()
    {
        _resolver.Answer("billing", "10.0.0.1");
        var clock = new WatchedTimeProvider();
        var watch = Watch(clock, _test.Pool, "billing:80");
        await watch.StartAsync();
        Assert.True(clock.IsAwaited(_refresh));
        await watch.DisposeAsync();
        Assert.False(clock.IsAwaited(_refresh));
    }

    private async Task StartAsync(params string[] addresses)
    {
        _watch = Watch(_test.Clock, _test.Pool, addresses);
        await _watch.StartAsync();
    }

    private AddressWatch Watch(TimeProvider clock, ChannelPool pool, params string[] addresses)
    {
        UpstreamAddress[] configured = [.. addresses.Select(text => UpstreamAddress.TryParse(text, out var address) ? address : throw new FormatException(text))];
        return new AddressWatch("test", configured, _resolver, pool, _refresh, clock, NullLogger.Instance);
    }

    /// <summary>Lets the watch ask twice: once it asks the second time, it has done what followed from the first.</summary>
    private async Task RefreshAsync()
    {
        for (var round = 0; round < 2; round++)
        {
            var asked = _resolver.Asked;
            _test.Clock.Advance(_refresh);
            await Eventually.HoldsAsync(() => _resolver.Asked > asked, "the names to be resolved again");
        }
    }

    private IEnumerable<string> OpenTo() => _test.Transport.Open.Select(c => c.Address.EndPoint.ToString()).Order(StringComparer.Ordinal);

    private static string AddressOf(ChannelLease lease) => ((ScriptedChannel)lease.Channel).Address.EndPoint.ToString();
}
