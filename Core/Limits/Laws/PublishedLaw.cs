namespace OrleansPool.Core.Limits.Laws;

/// <summary>What the laws taken over from publications have in common.</summary>
internal static class PublishedLaw
{
    // WindowedLimit of Netflix concurrency-limits passes a window over that has fewer.
    private const int FewestSamples = 10;

    public static LimitDecision Start(object state, in LimitBounds bounds, LimitMemory? remembered) => remembered is null
        ? new LimitDecision(bounds.Initial, LimitReason.Configured, state, TimeSpan.Zero, EpochPlan.Window)
        : new LimitDecision(Math.Clamp(remembered.Limit, bounds.Floor, bounds.Ceiling), LimitReason.Remembered, state, TimeSpan.Zero, EpochPlan.Window);

    public static LimitMemory Remember(LimitDecision last) => new(last.Limit, last.Limit, []);

    public static bool IsTooFew(EpochSample epoch) => epoch.Good + epoch.Dropped() < FewestSamples;

    public static LimitReason ReasonOfDrops(EpochSample epoch) => epoch.PushBacks >= epoch.Timeouts ? LimitReason.PushBack : LimitReason.Overdue;

    /// <summary>The same decision with another limit, held within its bounds.</summary>
    public static LimitDecision At(this LimitDecision last, double limit, LimitReason reason, in LimitBounds bounds) =>
        last with { Limit = Math.Clamp(limit, bounds.Floor, bounds.Ceiling), Reason = reason };
}
