using OrleansPool.Bench.LimitLab.Holders;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>Has the scenario's faults happen, and end.</summary>
internal sealed class Faults(Clock clock, RunPlan plan, Fleet fleet, Network network, BudgetOffice? office) : IEventTarget
{
    private const int Begin = 0;
    private const int End = 1;

    private readonly Dictionary<Fault, int> _rounds = [];

    public void Plan()
    {
        foreach (var fault in plan.Scenario.Faults) clock.At(plan.Scenario.Length(plan.IsQuick) * fault.At, this, Begin, 0, fault);
    }

    public void Happen(int what, long tag, object? subject)
    {
        var fault = (Fault)subject!;
        var holders = Affected(fault, (int)tag).ToList();
        if (what == End)
        {
            foreach (var holder in holders) Heal(fault.Kind, holder);
            if (fault.Kind == FaultKind.BudgetTwice) office?.Heal();
            return;
        }

        var round = _rounds.GetValueOrDefault(fault);
        _rounds[fault] = round + 1;
        holders = [.. Affected(fault, round)];
        foreach (var holder in holders) Hurt(fault.Kind, holder);
        if (fault.Kind == FaultKind.BudgetLost) office?.Lose();
        if (fault.Kind == FaultKind.BudgetTwice) office?.Split(holders);
        clock.After(fault.For, this, End, round, fault);
        if (fault.Every > TimeSpan.Zero) clock.After(fault.Every, this, Begin, 0, fault);
    }

    /// <summary>Each time the next ones.</summary>
    private IEnumerable<int> Affected(Fault fault, int round)
    {
        if (fault.Kind is FaultKind.BudgetLost) return [];
        var count = Math.Max(1, (int)Math.Round(plan.Nodes * fault.Holders));
        return Enumerable.Range(round * count, count).Select(index => index % plan.Nodes).Distinct();
    }

    private void Hurt(FaultKind kind, int holder)
    {
        if (kind == FaultKind.Restart) fleet.Leave(holder);
        else if (kind == FaultKind.Crash) fleet.Crash(holder);
        else if (kind == FaultKind.Freeze) fleet.Freeze(holder);
        else if (kind == FaultKind.Partition) network.CutOff(holder, isCutOff: true);
    }

    private void Heal(FaultKind kind, int holder)
    {
        if (kind is FaultKind.Restart or FaultKind.Crash) fleet.Start(holder);
        else if (kind == FaultKind.Freeze) fleet.Wake(holder);
        else if (kind == FaultKind.Partition) network.CutOff(holder, isCutOff: false);
    }
}
