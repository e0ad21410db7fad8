using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Gateway.Admin;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>The page for a terminal, line by line.</summary>
public class BudgetTextTests
{
    [Fact]
    public void Limit_ThatIsObserved_IsToldAsWhatItWouldBe() => Assert.StartsWith(
        "billing: the limit would be 37 (observe): it is used up and nothing queues at the upstream, so it grows. Calls go through up to the 400",
        BudgetText.Of(View() with { LimitMode = LimitMode.Observe, Limit = 400, ObservedLimit = 37, Reason = LimitReason.Grow }), StringComparison.Ordinal);

    [Fact]
    public void Limit_ThatIsOff_IsNone() =>
        Assert.StartsWith("billing: no limit (off): calls go through up to the 400", BudgetText.Of(View() with { LimitMode = LimitMode.Off, Limit = 400 }), StringComparison.Ordinal);

    [Fact]
    public void Minimums_BeyondTheCap_AreWarnedOf_WithTheNumbers()
    {
        Assert.DoesNotContain("WARNING", BudgetText.Of(View() with { MinimumsWanted = 10 }), StringComparison.Ordinal);
        Assert.Contains(
            "WARNING: Pool:Min asks for 12 connections over 2 hosts, more than the cap of 10: hosts get less than their minimum. Lower Pool:Min or raise Pool:Max.",
            BudgetText.Of(View() with { MinimumsWanted = 12 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Change_ByConfiguration_ShowsNoNumbers_AndHoldersAreAddedUp()
    {
        var lines = BudgetText.Of(View() with { Changes = [new LimitChange(TimeSpan.FromSeconds(8), 20, 37, LimitReason.Configured, Epoch: null, TimeSpan.Zero)] }).Split('\n');
        Assert.Equal("    2.0 s     20     37        -         -        -      -       -        ?  Configured", lines[^2]);
        Assert.Contains(lines, line => line.StartsWith("all ", StringComparison.Ordinal) && line.TrimEnd().EndsWith("6     2", StringComparison.Ordinal));
    }

    private static BudgetView View() => new()
    {
        Endpoint = "billing",
        Mode = BudgetMode.Normal,
        Epoch = 3,
        Limit = 37,
        Reason = LimitReason.Hold,
        LimitMode = LimitMode.Enforce,
        Cap = 10,
        ConnectionsTaken = 6,
        Overcommit = 1,
        Baseline = TimeSpan.Zero,
        Changes = [],
        Holders = [Holder("a"), Holder("b")],
        Now = TimeSpan.FromSeconds(10),
    };

    private static HolderView Holder(string name) => new()
    {
        Holder = name,
        Generation = 1,
        Permits = 18,
        InFlight = 5,
        Waiting = 0,
        Rate = 100,
        Need = 5,
        Connections = 3,
        Floor = 1,
        TimeLeft = TimeSpan.FromSeconds(29),
        Epoch = 3,
        IsDead = false,
    };
}
