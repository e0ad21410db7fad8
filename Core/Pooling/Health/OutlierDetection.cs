namespace OrleansPool.Core.Pooling.Health;

/// <summary>
/// Tells an address that is unwell from an upstream that is: what all addresses do alike is no outlier, and leaving some of them out would only put their
/// load on the rest. Pure.
/// </summary>
internal static class OutlierDetection
{
    // An address must fail at twice the others' rate: calls scatter, and an overloaded upstream times out everywhere.
    private const double WorseThanRest = 2;

    // Below this a pause of the garbage collector or the scheduler makes ten times the mean.
    private static readonly TimeSpan _noticeable = TimeSpan.FromMilliseconds(10);

    /// <summary>Why the address is to be left out by its last call, or null.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="failuresInARow">Its calls that failed since the last good one.</param>
    /// <param name="own">Its calls of late.</param>
    /// <param name="rest">Those of the other addresses that get calls.</param>
    public static EjectReason? ByCall(OutlierOptions options, int failuresInARow, CallCounts own, CallCounts rest) =>
        options.ConsecutiveFailures > 0 && failuresInARow >= options.ConsecutiveFailures && IsWorse(own, rest) ? EjectReason.ConsecutiveFailures : null;

    /// <summary>Why the address is to be left out by its calls of the interval, or null.</summary>
    public static EjectReason? ByInterval(OutlierOptions options, CallCounts own, CallCounts rest)
    {
        if (own.Calls < options.MinCalls) return null;
        if (options.FailureRatio > 0 && own.FailureRatio >= options.FailureRatio && IsWorse(own, rest)) return EjectReason.FailureRatio;
        return IsSlow(options, own, rest) ? EjectReason.Slow : null;
    }

    private static bool IsWorse(CallCounts own, CallCounts rest) => own.FailureRatio >= WorseThanRest * rest.FailureRatio;

    private static bool IsSlow(OutlierOptions options, CallCounts own, CallCounts rest) =>
        options.LatencyFactor > 0 && own.Good >= options.MinCalls && rest.Good >= options.MinCalls
        && own.Mean >= options.LatencyFactor * rest.Mean && own.Mean - rest.Mean >= _noticeable;
}
