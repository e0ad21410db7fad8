namespace OrleansPool.Core.Model;

/// <summary>The one reading of the clock that the engine calls <c>now</c>: every part that is handed a time was handed this one, so they can be compared.</summary>
public static class MonotonicClock
{
    /// <summary>Time since an arbitrary moment before the process began. Never goes back; says nothing outside of this process.</summary>
    public static TimeSpan MonotonicNow(this TimeProvider time) => time.GetElapsedTime(0);
}
