namespace OrleansPool.Core.Budget.Store;

/// <summary>
/// A lease on the store as another silo sees it (rule fence_wait): when its row has not changed for D since a read <em>returned</em>, the last renewal that
/// took place is no longer valid, and fencing it by compare-and-set on what was read keeps out any that is still under way. Pure; not thread-safe.
/// </summary>
public sealed class LeaseWatch
{
    private SiloRow? _seen;
    private TimeSpan _since;

    /// <summary>When the row was last read.</summary>
    public TimeSpan ReadAt { get; private set; }

    /// <summary>Takes in a row read at <paramref name="readAt"/>. True when it has been the same for long enough to be fenced.</summary>
    public bool MayFence(SiloRow row, TimeSpan readAt)
    {
        ReadAt = readAt;
        if (row != _seen) (_seen, _since) = (row, readAt);
        return readAt - _since >= row.Duration;
    }
}
