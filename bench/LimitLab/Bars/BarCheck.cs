using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Peers;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Bars;

/// <summary>Holds results against the bars.</summary>
internal static class BarCheck
{
    // A peer that loses 1 % and adds 5 % to the response time is at the optimum for all purposes: nobody can be better by more than chance.
    private const double OptimumGoodput = 0.99;
    private const double OptimumSlowdown = 1.05;

    /// <summary>A line for each bar missed; <paramref name="isMissed"/> tells whether one of them was missed by more than is accepted.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<Result> results, IReadOnlyList<Acceptance> accepted, out bool isMissed)
    {
        var lines = new List<string>();
        isMissed = false;
        var cases = results.GroupBy(result => result.Plan.Case).ToDictionary(group => group.Key, group => Worst.Of([.. group.Select(result => result.Figures)]));
        foreach (var (key, worst) in cases.Where(pair => pair.Key is { Law: LimitLaws.Default, Scope: Scope.Cluster }))
        {
            foreach (var bar in AskedBars.For(key.Scenario, key.Slots, key.Nodes).Append(PeerBar(cases, key)).OfType<Bar>())
            {
                var measured = bar.Of(worst);
                if (bar.Holds(measured)) continue;
                var known = accepted.FirstOrDefault(a => (a.Scenario, a.Figure, a.Slots, a.Nodes) == (key.Scenario, bar.Figure, key.Slots, key.Nodes));
                var isAccepted = known is not null && (bar with { Asked = known.Value }).Holds(measured);
                isMissed |= !isAccepted;
                lines.Add($"{(isAccepted ? "accepted" : "MISSED")}  {key.Scenario}, {key.Slots} slots, {key.Nodes} holders: {bar.Figure} is {measured:0.####}, asked {bar}{(known is null ? "" : $" (accepted {known.Value}: {known.Why})")}");
            }
        }

        return lines;
    }

    /// <summary>Better than every peer that runs as independent copies, in goodput over slowdown.</summary>
    private static Bar? PeerBar(Dictionary<(string Scenario, string Law, Scope Scope, int Slots, int Nodes), Figures> cases, (string Scenario, string Law, Scope Scope, int Slots, int Nodes) key)
    {
        var peers = LabLaws.Peers.Select(law => cases.GetValueOrDefault(key with { Law = law, Scope = Scope.Local })).OfType<Figures>()
            .Where(peer => !(peer.G >= OptimumGoodput && peer.P <= OptimumSlowdown) && peer.P > 0).ToList();
        return peers.Count == 0 ? null : Bar.Least("G/P against the best peer", Worth, peers.Max(Worth));
    }

    private static double Worth(Figures figures) => figures.G / figures.P;
}
