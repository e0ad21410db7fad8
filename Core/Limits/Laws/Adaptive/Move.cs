namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>The adaptive law's decision before it is held within bounds.</summary>
internal sealed record Move(double Limit, LimitReason Reason, AdaptiveState State);
