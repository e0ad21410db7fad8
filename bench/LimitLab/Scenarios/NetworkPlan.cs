namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>The way between the holders and the budget.</summary>
internal sealed record NetworkPlan
{
    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Up to so much more, evenly; messages may overtake each other.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Share of the messages that get lost.</summary>
    public double Loss { get; init; }

    /// <summary>How long membership takes to see that a process is gone.</summary>
    public TimeSpan DeathSeenAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>One way from one holder to another that a call is forwarded to.</summary>
    public TimeSpan Hop { get; init; } = TimeSpan.FromMilliseconds(1);
}
