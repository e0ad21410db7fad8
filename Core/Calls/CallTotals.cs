namespace OrleansPool.Core.Calls;

/// <summary>What an endpoint did with its calls beyond sending them once, since the start. Thread-safe.</summary>
public sealed class CallTotals
{
    private long _retried;
    private long _retriesDenied;
    private long _fellBack;
    private long _hedged;
    private long _hedgesDenied;
    private long _hedgesWon;

    /// <summary>Attempts beyond the first.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Attempts that the retry budget had no room for; their calls failed with what had become of them.</summary>
    public long RetriesDenied => Interlocked.Read(ref _retriesDenied);

    /// <summary>Calls that went on to the fallback endpoint.</summary>
    public long FellBack => Interlocked.Read(ref _fellBack);

    /// <summary>Attempts beside another one of the same call, because its answer was late.</summary>
    public long Hedged => Interlocked.Read(ref _hedged);

    /// <summary>Calls whose answer was late, and for which no permit or channel was to spare, or no room in the retry budget.</summary>
    public long HedgesDenied => Interlocked.Read(ref _hedgesDenied);

    /// <summary>Such attempts that were answered first.</summary>
    public long HedgesWon => Interlocked.Read(ref _hedgesWon);

    internal void CountRetry(bool isAllowed) => Interlocked.Increment(ref isAllowed ? ref _retried : ref _retriesDenied);

    internal void CountFallback() => Interlocked.Increment(ref _fellBack);

    internal void CountHedge(bool isAllowed) => Interlocked.Increment(ref isAllowed ? ref _hedged : ref _hedgesDenied);

    internal void CountHedgeWon() => Interlocked.Increment(ref _hedgesWon);
}
