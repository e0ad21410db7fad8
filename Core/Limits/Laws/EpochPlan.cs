namespace OrleansPool.Core.Limits.Laws;

/// <summary>What a law needs to see before it is asked again. Whatever it asks for, no epoch lasts longer than 5 s.</summary>
/// <param name="Shortest">Least length of the epoch; 500 ms to 5 s.</param>
/// <param name="Samples">Calls to wait for, dropped ones included.</param>
/// <param name="Settle">
/// When set, what a holder saw before it had the new limit, and for this long after, does not count: the law would judge one limit by the effect of
/// another. Null: everything counts.
/// </param>
public sealed record EpochPlan(TimeSpan Shortest, int Samples, TimeSpan? Settle = null)
{
    /// <summary>
    /// The window of the published laws (Netflix concurrency-limits, WindowedLimit): 1 s, and at least 10 samples, here waited for instead of thrown away.
    /// </summary>
    public static EpochPlan Window { get; } = new(TimeSpan.FromSeconds(1), 10);
}
