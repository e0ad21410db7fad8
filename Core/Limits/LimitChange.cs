using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Limits;

/// <summary>One change of a limit, with its reason and the numbers behind it.</summary>
/// <param name="At">When, on the authority's clock.</param>
/// <param name="From">The limit before.</param>
/// <param name="To">The limit after.</param>
/// <param name="Reason">Why.</param>
/// <param name="Epoch">What the law had seen; null when a person or a restart changed it.</param>
/// <param name="Baseline">Response time without queueing that it compared with.</param>
public sealed record LimitChange(TimeSpan At, int From, int To, LimitReason Reason, EpochSample? Epoch, TimeSpan Baseline);
