using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Calls.Recent;

/// <summary>An endpoint in one process over the last few seconds.</summary>
/// <param name="CallsPerSecond">Calls that ended, turned away or not.</param>
/// <param name="FailedPerSecond">Of these, those that failed by whosever fault but their callers'.</param>
/// <param name="ResponseTimes">How long good calls took the upstream, over the last 5 to 10 s.</param>
public sealed record RecentCalls(double CallsPerSecond, double FailedPerSecond, ResponseTimeHistogram ResponseTimes);
