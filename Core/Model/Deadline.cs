namespace OrleansPool.Core.Model;

/// <summary>
/// A point on the monotonic clock after which a call is worth nothing to its caller. Passed down by value through every stage, so that time
/// spent waiting is never given twice. Immutable; safe to share.
/// </summary>
public readonly struct Deadline : IEquatable<Deadline>
{
    // Stored as the distance from long.MaxValue, so that default(Deadline) means "none".
    private readonly long _untilNever;

    private Deadline(long timestamp) => _untilNever = long.MaxValue - timestamp;

    /// <summary>No deadline: the call may take as long as it likes.</summary>
    public static Deadline None => default;

    /// <summary>True when there is no deadline.</summary>
    public bool IsNone => _untilNever == 0;

    private long Timestamp => long.MaxValue - _untilNever;

    /// <summary>The deadline <paramref name="span"/> from now; a span too long for the clock means <see cref="None"/>.</summary>
    public static Deadline After(TimeSpan span, TimeProvider time)
    {
        var ticks = span.TotalSeconds * time.TimestampFrequency;
        var now = time.GetTimestamp();
        return ticks >= long.MaxValue - now ? None : new Deadline(now + (long)ticks);
    }

    /// <summary>Time left, zero when it has passed, <see cref="Timeout.InfiniteTimeSpan"/> when there is no deadline.</summary>
    public TimeSpan Remaining(TimeProvider time)
    {
        if (IsNone) return Timeout.InfiniteTimeSpan;
        var left = time.GetElapsedTime(time.GetTimestamp(), Timestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>True once the moment is reached; never true for <see cref="None"/>.</summary>
    public bool HasPassed(TimeProvider time) => !IsNone && time.GetTimestamp() >= Timestamp;

    /// <summary>The earlier of the two.</summary>
    public static Deadline Earlier(Deadline a, Deadline b) => a._untilNever >= b._untilNever ? a : b;

    /// <inheritdoc />
    public bool Equals(Deadline other) => _untilNever == other._untilNever;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Deadline other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _untilNever.GetHashCode();

    /// <summary>Same moment.</summary>
    public static bool operator ==(Deadline left, Deadline right) => left.Equals(right);

    /// <summary>Another moment.</summary>
    public static bool operator !=(Deadline left, Deadline right) => !left.Equals(right);
}
