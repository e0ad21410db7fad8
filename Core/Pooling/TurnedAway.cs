namespace OrleansPool.Core.Pooling;

/// <summary>
/// Calls turned away lately that would have waited elsewhere: they leave no queue to be seen, and yet show that the share is too small. Guarded by the pool's
/// lock.
/// </summary>
internal sealed class TurnedAway
{
    private static readonly TimeSpan _memory = TimeSpan.FromSeconds(1);

    private TimeSpan _since;
    private TimeSpan _last = TimeSpan.MinValue;
    private int _count;

    /// <summary>One was. True for the first one lately.</summary>
    public bool Add(TimeSpan now)
    {
        var isFirst = Count(now) == 0;
        if (isFirst || now - _since > _memory) (_since, _count) = (now, 0);
        (_last, _count) = (now, _count + 1);
        return isFirst;
    }

    /// <summary>How many, in about the last second.</summary>
    public int Count(TimeSpan now) => _count > 0 && now - _last <= _memory ? _count : 0;
}
