using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Lab.Tests.Runs;

public class RunTests
{
    private static readonly Oracle _oracle = new();

    [Theory]
    [InlineData("adaptive", "Cluster")]
    [InlineData("envoy", "Local")]
    public void Execute_SameSeedTwice_IsTheSameRun(string law, string scope)
    {
        var plan = Plan(law, Enum.Parse<Scope>(scope), seed: 5);
        Assert.Equal(Execute(plan).Ticks, Execute(plan).Ticks);
    }

    [Fact]
    public void Execute_OtherSeed_IsAnotherRun() =>
        Assert.NotEqual(Execute(Plan("fixed", Scope.Cluster, seed: 1)).Ticks, Execute(Plan("fixed", Scope.Cluster, seed: 2)).Ticks);

    [Fact]
    public void Execute_TwoLaws_GetTheSameCalls()
    {
        var (one, other) = (Execute(Plan("fixed", Scope.Cluster, seed: 1)), Execute(Plan("vegas", Scope.Local, seed: 1)));
        Assert.Equal(one.Ticks.Select(tick => tick.Offered), other.Ticks.Select(tick => tick.Offered));
    }

    [Fact]
    public void Execute_HalfTheCapacityAskedFor_NobodyIsRefusedAndAllIsServed()
    {
        var ticks = Execute(Plan("fixed", Scope.Cluster, seed: 1, load: 0.5)).Ticks.FindAll(tick => tick.At.TotalSeconds > 5);
        Assert.Equal(0, ticks.Sum(tick => tick.Refused));
        Assert.InRange(ticks.Sum(tick => tick.Good) / (double)ticks.Sum(tick => tick.Offered), 0.98, 1.02);

        // Little's law: calls in flight are rate times service time.
        Assert.InRange(ticks.Average(tick => tick.InFlight) / (ticks.Average(tick => tick.Good) / Trace.Step.TotalSeconds * 0.050), 0.97, 1.03);
    }

    [Theory]
    [InlineData("B9")]
    [InlineData("B9c")]
    [InlineData("B14")]
    [InlineData("B14d")]
    [InlineData("B14f")]
    [InlineData("B14n")]
    [InlineData("B14p")]
    public void Execute_HoldersAndBudgetInTrouble_ConnectionsStayWithinTheCap(string name)
    {
        // As many connections as slots: the cap is tight, so that any share too much would show.
        var scenario = ScenarioLibrary.Load(name);
        scenario = scenario with { Holders = scenario.Holders with { Cap = 1 } };
        var trace = Execute(new RunPlan(scenario, "adaptive", Scope.Cluster, 8, 3, IsQuick: true));
        Assert.Equal(0, trace.OverCap);
    }

    private static Trace Execute(RunPlan plan) => new Run(plan, _oracle.Of(plan.Scenario)).Execute();

    private static RunPlan Plan(string law, Scope scope, long seed, double load = 1.5)
    {
        var length = TimeSpan.FromSeconds(20);
        var scenario = new Scenario { Name = "test", Title = "test", Phases = [new Phase { For = length, Quick = length, Load = load }] };
        return new RunPlan(scenario, law, scope, 4, seed, IsQuick: false);
    }
}
