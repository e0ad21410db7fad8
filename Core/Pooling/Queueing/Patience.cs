namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>How long a call may wait.</summary>
/// <param name="End">Until then.</param>
/// <param name="IsDeadline">True when the call's deadline is what ends it, false for the longest wait of all.</param>
internal readonly record struct Patience(TimeSpan End, bool IsDeadline);
