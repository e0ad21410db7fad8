namespace OrleansPool.Core.Model;

/// <summary>The one reading of the clock that the engine calls <c>now</c>: every part that is handed a time was handed this one, so they can be compared.</summary>
public static class MonotonicClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Time since an arbitrary moment before the process began. Never goes back; says nothing outside of this process.</summary>
    public static TimeSpan MonotonicNow(this TimeProvider time)
    {
        var timestamp = time.GetTimestamp();

        // Whole numbers where they do, as with every clock but Windows': it is read twice for each call.
        return time.TimestampFrequency == NanosecondsPerSecond ? new TimeSpan(timestamp / TimeSpan.NanosecondsPerTick) : time.GetElapsedTime(0, timestamp);
    }
}
