namespace OrleansPool.Core.Pooling;

/// <summary>
/// How fast connections are opened again after an upstream has dropped some, as when it restarts: all holders notice at once, and would come back at once.
/// Pure: time and share are arguments. Guarded by the pool's lock.
/// </summary>
internal sealed class ConnectPace(double connectsPerSecond)
{
    // Long enough for a process to restart and drop connections a second time; then opening is the ordinary business of growing.
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(10);

    // As late as a timer may be.
    private readonly Pace _pace = new(connectsPerSecond, TimeSpan.FromMilliseconds(50));
    private TimeSpan? _neededAt;

    /// <summary>The upstream dropped a connection.</summary>
    /// <param name="part">This holder's part of the cap, 0 to 1.</param>
    /// <param name="turn">Its turn among the holders, 0 to below 1.</param>
    /// <param name="now">The time.</param>
    public void Lost(double part, double turn, TimeSpan now)
    {
        if (part > 0 && !IsOn(part, now)) _pace.Begin(part, turn, now);
        _neededAt = now;
    }

    /// <summary>How many of the connections that are wanted may be opened now; they count as opened.</summary>
    public int Take(int wanted, double part, TimeSpan now)
    {
        if (!IsOn(part, now)) return wanted;
        var taken = _pace.Take(wanted, part, now);

        // As long as some are missing they are still coming back, however long that takes.
        if (taken < wanted) _neededAt = now;
        return taken;
    }

    /// <summary>Time until one more may be opened; zero when it may be now.</summary>
    public TimeSpan Wait(double part, TimeSpan now) => IsOn(part, now) ? _pace.Wait(now) : TimeSpan.Zero;

    // Whoever has the whole cap is alone: nobody comes back beside it.
    private bool IsOn(double part, TimeSpan now) => part is > 0 and < 1 && _neededAt is { } needed && now - needed < _calm + _pace.Gap(part);
}
