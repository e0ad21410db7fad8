using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>One run: everything that makes it what it is. The same plan gives the same run, to the last call.</summary>
internal sealed record RunPlan(Scenario Scenario, string Law, Scope Scope, int Nodes, long Seed, bool IsQuick)
{
    public int Slots => Scenario.Upstream.Slots;

    /// <summary>All that makes up the run but its seed.</summary>
    public (string Scenario, string Law, Scope Scope, int Slots, int Nodes) Case => (Scenario.Name, Law, Scope, Slots, Nodes);

    /// <summary>Calls to simulate.</summary>
    public double Cost => Scenario.Phases.Sum(phase => phase.Load * phase.Length(IsQuick).TotalSeconds) * UpstreamModel.Nominal(Scenario.Upstream);
}
