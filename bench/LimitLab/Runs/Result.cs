using OrleansPool.Bench.LimitLab.Metrics;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>What came of a run.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Figures">What it comes to.</param>
/// <param name="Trace">All that was seen; null when it was not asked for.</param>
/// <param name="Timeline">What was to be expected.</param>
/// <param name="Traffic">Messages between holders and budget.</param>
internal sealed record Result(RunPlan Plan, Figures Figures, Trace? Trace, Timeline Timeline, ControlTraffic Traffic);
