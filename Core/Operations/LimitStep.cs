using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Operations;

/// <summary>A change of a limit.</summary>
/// <param name="Ago">How long ago.</param>
/// <param name="From">The limit before.</param>
/// <param name="To">The limit after.</param>
/// <param name="Reason">Why.</param>
/// <param name="Qps">Good calls per second that the law had seen; null when a person or a restart changed it.</param>
public sealed record LimitStep(TimeSpan Ago, int From, int To, LimitReason Reason, double? Qps)
{
    internal static LimitStep Of(LimitChange change, TimeSpan now) => new(now - change.At, change.From, change.To, change.Reason, change.Epoch?.GoodRate);
}
