namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Something that happens to holders or to the budget.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When first, as a share of the run.</param>
/// <param name="For">How long it lasts; for a restart, how long the holder is away.</param>
/// <param name="Every">How often it comes back, each time to the next holders; zero: once.</param>
/// <param name="Holders">How many of the holders, as a share; at least one.</param>
internal sealed record Fault(FaultKind Kind, double At, TimeSpan For, TimeSpan Every, double Holders);
