using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>One run: everything that makes it what it is. The same plan gives the same run, to the last call.</summary>
internal sealed record RunPlan(Scenario Scenario, string Law, Scope Scope, int Nodes, long Seed, bool IsQuick)
{
    public int Slots => Scenario.Upstream.Slots;
}
