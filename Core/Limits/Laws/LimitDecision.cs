namespace OrleansPool.Core.Limits.Laws;

/// <summary>What a law makes of an epoch.</summary>
/// <param name="Limit">Permits from now on, before rounding.</param>
/// <param name="Reason">Why.</param>
/// <param name="State">The law's own memory for its next decision; immutable.</param>
/// <param name="Baseline">Response time without queueing, over all classes as they were mixed; zero where the law knows none.</param>
/// <param name="Plan">How the next epoch is to be gathered.</param>
public sealed record LimitDecision(double Limit, LimitReason Reason, object State, TimeSpan Baseline, EpochPlan Plan);
