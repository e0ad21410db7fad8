namespace OrleansPool.Core.Calls;

/// <summary>What an endpoint did with its calls beyond sending them once, since the start. Thread-safe.</summary>
public sealed class CallTotals
{
    private long _retried;
    private long _retriesDenied;
    private long _fellBack;

    /// <summary>Attempts beyond the first.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Attempts that the retry budget had no room for; their calls failed with what had become of them.</summary>
    public long RetriesDenied => Interlocked.Read(ref _retriesDenied);

    /// <summary>Calls that went on to the fallback endpoint.</summary>
    public long FellBack => Interlocked.Read(ref _fellBack);

    internal void CountRetry(bool isAllowed) => Interlocked.Increment(ref isAllowed ? ref _retried : ref _retriesDenied);

    internal void CountFallback() => Interlocked.Increment(ref _fellBack);
}
