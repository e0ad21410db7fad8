namespace OrleansPool.Core.Limits.Laws;

/// <summary>Why the limit is what it is. Each has a sentence in docs/limits.md.</summary>
public enum LimitReason
{
    /// <summary>It was set so.</summary>
    Configured,

    /// <summary>Restored from before a restart.</summary>
    Remembered,

    /// <summary>Not used up: nothing to learn.</summary>
    NotBound,

    /// <summary>Too few calls to judge by.</summary>
    TooFewSamples,

    /// <summary>Used up, and no queueing at the upstream: it grows.</summary>
    Grow,

    /// <summary>Used up and below a limit that was good before: it grows fast.</summary>
    Recover,

    /// <summary>At its best as far as can be told.</summary>
    Hold,

    /// <summary>Queueing at the upstream: cut to what it can serve.</summary>
    Queueing,

    /// <summary>More calls in flight brought less throughput.</summary>
    NegativeElasticity,

    /// <summary>Timeouts, or open calls that grow old.</summary>
    Overdue,

    /// <summary>The upstream pushed back.</summary>
    PushBack,

    /// <summary>Halved for a moment, to see the upstream without queueing.</summary>
    Probe,

    /// <summary>The upstream's own service time changed: the baseline was taken anew.</summary>
    NewBaseline,

    /// <summary>Far above what was used for long: taken back.</summary>
    Unused,

    /// <summary>An operator set it, and the law is not asked.</summary>
    Ordered,
}
