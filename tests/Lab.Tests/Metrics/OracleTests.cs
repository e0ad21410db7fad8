using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Lab.Tests.Metrics;

/// <summary>The oracle against what can be worked out on paper.</summary>
public class OracleTests
{
    private static readonly Oracle _oracle = new();

    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    public void Optimum_FirstComeFirstServed_IsSlotsOverMeanServiceTime(int slots)
    {
        var optimum = Of(new UpstreamPlan { Slots = slots });
        Assert.InRange(optimum.Capacity / (slots / 0.050), 0.99, 1.01);
        Assert.InRange(optimum.InFlight / slots, 0.95, 1.02);
    }

    [Fact]
    public void Optimum_SharedSlots_HasTheSameCapacity()
    {
        var optimum = Of(new UpstreamPlan { IsSharing = true });
        Assert.InRange(optimum.Capacity, 1980, 2020);
        Assert.InRange(optimum.InFlight, 95, 102);
    }

    [Fact]
    public void Optimum_ThreeInTenSlotsLeft_IsThreeInTen()
    {
        var optimum = Of(new UpstreamPlan(), Phase() with { Slots = 0.3 });
        Assert.InRange(optimum.Capacity, 590, 610);
        Assert.InRange(optimum.InFlight, 28, 31);
    }

    [Fact]
    public void Optimum_HalfTakenByAnother_IsTheOtherHalf()
    {
        var optimum = Of(new UpstreamPlan(), Phase() with { Competitor = 0.5 });
        Assert.InRange(optimum.Capacity, 900, 1100);
    }

    [Fact]
    public void Optimum_PushBackAboveFiveCalls_IsFiveCalls()
    {
        var optimum = Of(new UpstreamPlan(), Phase() with { PushBackAbove = 0.05 });
        Assert.InRange(optimum.InFlight, 4, 6);
        Assert.InRange(optimum.Capacity, 95, 105);
    }

    [Fact]
    public void Optimum_EveryCallHangs_IsNothing() =>
        Assert.Equal(0, Of(new UpstreamPlan(), Phase() with { Hang = TimeSpan.FromSeconds(5) }).Capacity);

    [Fact]
    public void Optimum_OneOfFourHostsHangs_IsThreeQuarters()
    {
        var optimum = Of(new UpstreamPlan { Hosts = 4 }, Phase() with { Hang = TimeSpan.FromSeconds(5), OnHosts = 1 });
        Assert.InRange(optimum.Capacity, 1485, 1515);
    }

    [Fact]
    public void UnloadedP99_Lognormal_IsTheFormulas()
    {
        // exp(ln(50) - sigma^2 / 2 + 2.326 sigma) ms with sigma 0.5
        Assert.InRange(Of(new UpstreamPlan()).UnloadedP99.TotalMilliseconds, 139, 144);
    }

    [Fact]
    public void Expect_SomeCallsFail_CountsThoseThatCanEndWell()
    {
        var optimum = Of(new UpstreamPlan(), Phase() with { Failing = 0.5 });
        Assert.Equal(500, optimum.Expect(1000), 5);
        Assert.Equal(optimum.Capacity, optimum.Expect(1_000_000), 5);
    }

    private static Phase Phase() => new() { For = TimeSpan.FromSeconds(1), Quick = TimeSpan.FromSeconds(1) };

    private static Optimum Of(UpstreamPlan upstream, Phase? phase = null) =>
        Assert.Single(_oracle.Of(new Scenario { Name = "test", Title = "test", Upstream = upstream, Phases = [phase ?? Phase()] }));
}
