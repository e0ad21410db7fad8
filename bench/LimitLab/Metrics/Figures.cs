namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>What a run comes to; docs/lab.md says how each is measured. Not a number where it does not apply.</summary>
/// <param name="G">Goodput: calls that ended well in time, over those that the optimum would have brought.</param>
/// <param name="P">99th percentile of the upstream's response time over that of an idle upstream.</param>
/// <param name="Pwait">The same with the wait for a permit included.</param>
/// <param name="Tc">Epochs of half a second until the limit stays within 25 % of the optimum.</param>
/// <param name="O">Most calls in flight over the optimum.</param>
/// <param name="Ridle">Share of the calls refused while fewer than 0.9 of the optimum were in flight.</param>
/// <param name="Rqueued">Share of the calls that had to wait while fewer than 0.9 of the optimum were in flight.</param>
/// <param name="J">Jain's index of what the holders' callers got over what was fair.</param>
/// <param name="Dr">Drift of limit over optimum, per hour.</param>
/// <param name="Pr">Share of the goodput lost while the law probed.</param>
/// <param name="Rec">Seconds until goodput is at 0.95 again.</param>
/// <param name="OverCap">Most connections open beyond the cap.</param>
internal sealed record Figures(
    double G, double P, double Pwait, double Tc, double O, double Ridle, double Rqueued, double J, double Dr, double Pr, double Rec, int OverCap);
