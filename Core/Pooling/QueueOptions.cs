using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Pooling;

/// <summary>How calls wait for a permit and a channel. They are served in the order they came, or fairly by caller.</summary>
public sealed class QueueOptions
{
    /// <summary>Calls waiting at most; the next one is refused at once. 0 (never wait) to 1,000,000, default 1,000.</summary>
    public int MaxWaiters { get; set; } = 1_000;

    /// <summary>A call waits this long at most, or until its deadline where that is earlier. 1 ms to 1 h, default 30 s.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Fair shares among callers; off by default.</summary>
    public FairnessOptions Fairness { get; set; } = new();
}
