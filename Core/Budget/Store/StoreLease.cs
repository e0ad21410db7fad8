namespace OrleansPool.Core.Budget.Store;

/// <summary>
/// A lease on the store as its own silo sees it (rule store_lease): valid for D from the <em>start</em> of the last renewal that succeeded, since who
/// watches it counts D from a moment after that renewal took place. Pure; not thread-safe.
/// </summary>
public sealed class StoreLease(TimeSpan duration)
{
    private TimeSpan _validUntil = TimeSpan.MinValue;
    private TimeSpan _dueAt = TimeSpan.MinValue;

    /// <summary>How long a renewal holds (D).</summary>
    public TimeSpan Duration => duration;

    /// <summary>Whether it holds.</summary>
    public bool IsValid(TimeSpan now) => now < _validUntil;

    /// <summary>Whether to renew: three times per duration, so that two renewals in a row may fail.</summary>
    public bool IsDue(TimeSpan now) => now >= _dueAt;

    /// <summary>An attempt to renew begins; the next one is due a third of the duration later, whatever becomes of this one.</summary>
    public void Attempt(TimeSpan now) => _dueAt = now + (duration / 3);

    /// <summary>A renewal succeeded that began at <paramref name="startedAt"/>.</summary>
    public void Renewed(TimeSpan startedAt) => _validUntil = startedAt + duration;

    /// <summary>It was fenced, or given back: it never holds again.</summary>
    public void End() => (_validUntil, _dueAt) = (TimeSpan.MinValue, TimeSpan.MinValue);
}
