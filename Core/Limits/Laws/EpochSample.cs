using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits.Laws;

/// <summary>What all holders together saw in one epoch: all that a law may know.</summary>
public sealed record EpochSample
{
    /// <summary>Length of the epoch.</summary>
    public required TimeSpan Span { get; init; }

    /// <summary>Time since the law's state began; the only clock a law has.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>The limit that was in force.</summary>
    public required double Limit { get; init; }

    /// <summary>Whether the limit holds anybody back; when it is only observed, there may be any number of calls beyond it.</summary>
    public bool IsEnforced { get; init; } = true;

    /// <summary>Good completions per second (QPS).</summary>
    public required double GoodRate { get; init; }

    /// <summary>Permits dealt to all holders: more than the limit when idle ones are dealt twice, less while an authority is still learning what is out.</summary>
    public long Permits { get; init; }

    /// <summary>Holders that had calls in flight.</summary>
    public int Holders { get; init; }

    /// <summary>Mean calls in flight, streams included.</summary>
    public required double InFlight { get; init; }

    /// <summary>Mean streams in flight.</summary>
    public double Streams { get; init; }

    /// <summary>Most calls in flight at once, as the sum over holders.</summary>
    public int PeakInFlight { get; init; }

    /// <summary>Share of the time during which permits were used up, weighted by permits: 0 to 1.</summary>
    public double BoundShare { get; init; }

    /// <summary>Mean calls waiting.</summary>
    public double Waiting { get; init; }

    /// <summary>Calls per second that asked for a permit, whether they got one or not.</summary>
    public double AskedRate { get; init; }

    /// <summary>Calls that ended well.</summary>
    public long Good { get; init; }

    /// <summary>Calls dropped by their deadline at the upstream.</summary>
    public long Timeouts { get; init; }

    /// <summary>Time that the upstream had those, added up, in seconds.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>Calls pushed back.</summary>
    public long PushBacks { get; init; }

    /// <summary>Calls that broke.</summary>
    public long Failures { get; init; }

    /// <summary>Age of the oldest call in flight, streams excepted.</summary>
    public TimeSpan OldestOpen { get; init; }

    /// <summary>Response times of the good calls by <see cref="MethodClasses"/>; null where there were none.</summary>
    public required IReadOnlyList<ResponseTimeHistogram?> ResponseTimes { get; init; }
}
