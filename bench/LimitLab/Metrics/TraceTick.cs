namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>What was seen in one step of time, over all holders.</summary>
internal sealed record TraceTick
{
    /// <summary>End of the step.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Index of the phase.</summary>
    public int Phase { get; init; }

    /// <summary>Sum of the limits in force at its end.</summary>
    public double Limit { get; init; }

    /// <summary>Mean calls in flight.</summary>
    public double InFlight { get; init; }

    /// <summary>Most calls in flight.</summary>
    public int PeakInFlight { get; init; }

    /// <summary>Calls that wait at its end.</summary>
    public int Waiting { get; init; }

    /// <summary>Calls that arrived.</summary>
    public int Offered { get; init; }

    /// <summary>Calls that ended well and in time.</summary>
    public int Good { get; init; }

    /// <summary>Calls that were refused, or whose time ran out while they waited.</summary>
    public int Refused { get; init; }

    /// <summary>Those among them at whose end fewer than 0.9 of the optimum were in flight.</summary>
    public int RefusedIdle { get; init; }

    /// <summary>Calls that had to wait while fewer than 0.9 of the optimum were in flight.</summary>
    public int QueuedIdle { get; init; }

    /// <summary>Work of the calls begun in the step over that of as many average ones, by chance or because the dear ones were refused; 1 for none.</summary>
    public double Luck { get; init; } = 1;

    /// <summary>Mean response time of the upstream; zero when no call ended.</summary>
    public TimeSpan ResponseTime { get; init; }

    /// <summary>True when the law halved the limit for a moment to learn.</summary>
    public bool IsProbing { get; init; }
}
