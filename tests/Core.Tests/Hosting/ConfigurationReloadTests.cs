using Microsoft.Extensions.Logging;
using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>A configuration that changes while the host runs.</summary>
public class ConfigurationReloadTests
{
    [Fact]
    public async Task Change_OfCapAndLimits_ReachesPoolAndBudget_AndIsLogged()
    {
        using var host = new RunningHost("Pool:Max=30", "Limits:Max=30", "Limits:Initial=20");
        await host.ChangeAsync("Pool:Max=12", "Limits:Max=9", "Limits:Initial=9", "Limits:Mode=observe");
        var budget = await host.BudgetAsync();
        Assert.Equal((12, 12, 9, LimitMode.Observe), (host.Pool.Max, budget.Cap, budget.ObservedLimit, budget.LimitMode));
        var (level, text) = Assert.Single(host.Entries);
        Assert.Equal(LogLevel.Information, level);
        Assert.Contains($"{Configured.Billing}:Pool:Max = 12", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_WithMistakes_IsRefusedAsAWhole_WithAllOfThem_AndTheNextSoundOneHolds()
    {
        using var host = new RunningHost("Pool:Max=30");
        await host.ChangeAsync("Pool:Max=12", "Limits:Law=quick", "Queue:MaxWait=5");
        Assert.Equal((30, 30), (host.Pool.Max, (await host.BudgetAsync()).Cap));
        var (level, text) = Assert.Single(host.Entries);
        Assert.Equal(LogLevel.Error, level);
        Assert.All(["Limits:Law = \"quick\": one of adaptive", "Queue:MaxWait = \"5\": a time", "Mend it"], part => Assert.Contains(part, text, StringComparison.Ordinal));
        await host.ChangeAsync("Limits:Law=aimd", "Queue:MaxWait=00:00:05");
        Assert.Equal(12, host.Pool.Max);
    }

    [Fact]
    public async Task Change_OfWhatNeedsARestart_IsNamedOnce_WithoutItsValue_AndTheRestHolds()
    {
        using var host = new RunningHost("Pool:Max=30");
        await host.ChangeAsync("Pool:Max=12", "Addresses:0=10.0.0.2:80", "Pool:IdleTimeout=00:00:05");
        Assert.Equal(12, host.Pool.Max);
        var told = Assert.Single(host.Entries, entry => entry.Level == LogLevel.Warning).Text;
        Assert.EndsWith($"{Configured.Billing}:Addresses:0, {Configured.Billing}:Pool:IdleTimeout", told, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.2", told, StringComparison.Ordinal);
        await host.ChangeAsync("Pool:Max=13");
        Assert.Equal(3, host.Entries.Count);
    }

    [Fact]
    public async Task Change_ThatOnlyFitsAfterARestart_IsRefused()
    {
        // Limits:Initial = 500 fits to 30 connections of 100 calls, not to 30 of one.
        using var host = new RunningHost("Pool:Max=30");
        await host.ChangeAsync("Protocol=grpc", "Limits:Initial=500");
        Assert.Contains("Limits:Initial = 500: allowed are 4 to 30", Assert.Single(host.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Minimum_ThatTimesTheHostsExceedsTheCap_IsRefusedWithTheNumbers()
    {
        using var host = new RunningHost("Pool:Max=10");
        foreach (var holder in new[] { "a", "b", "c" }) await host.JoinAsync(holder);
        await host.ChangeAsync("Pool:Min=4");
        Assert.Contains("Pool:Min = 4: with 3 hosts that is 12 connections, more than Pool:Max = 10", Assert.Single(host.Entries).Text, StringComparison.Ordinal);
        await host.ChangeAsync("Pool:Min=3");
        Assert.Contains("Pool:Min = 3", host.Entries.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_OfNothing_SaysNothing()
    {
        using var host = new RunningHost("Pool:Max=10");
        await host.ChangeAsync();
        Assert.Empty(host.Entries);
    }

    [Fact]
    public async Task Configuration_ThatSaysItChanged_IsLookedAt_UntilTheHostStops()
    {
        using var host = new RunningHost("Pool:Max=30");
        await host.Reload.StartAsync(CancellationToken.None);
        host.ChangeAndTell("Pool:Max=12");
        await Eventually.HoldsAsync(() => host.Pool.Max == 12, "the cap to change");
        await host.Reload.StopAsync(CancellationToken.None);
        host.ChangeAndTell("Pool:Max=13");
        Assert.Equal(12, host.Pool.Max);
    }
}
