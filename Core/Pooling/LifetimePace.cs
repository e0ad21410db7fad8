namespace OrleansPool.Core.Pooling;

/// <summary>
/// How fast channels are replaced for their age. Those opened together, as after a restart of the upstream, come of age together at all holders; they are replaced at
/// the rate at which connections may be opened. Pure: time and share are arguments. Guarded by the pool's lock.
/// </summary>
internal sealed class LifetimePace(double replacedPerSecond)
{
    // Ages are looked at once a second.
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private readonly Pace _pace = new(replacedPerSecond, _look);
    private TimeSpan? _dueAt;

    /// <summary>A channel is of age: true when its turn has come. It counts when <see cref="Replaced"/> follows.</summary>
    /// <param name="part">This holder's part of the cap, 0 to 1; with none nothing could be opened instead.</param>
    /// <param name="turn">Its turn among the holders, 0 to below 1.</param>
    /// <param name="now">The time.</param>
    public bool IsDue(double part, double turn, TimeSpan now)
    {
        if (part <= 0) return false;
        if (_dueAt is not { } last || now - last > (2 * _look) + _pace.Gap(part)) _pace.Begin(part, turn, now);
        _dueAt = now;
        return _pace.Wait(now) == TimeSpan.Zero;
    }

    /// <summary>One was.</summary>
    public void Replaced(double part, TimeSpan now) => _pace.Take(1, part, now);
}
