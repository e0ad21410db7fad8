namespace OrleansPool.Core.Pooling;

/// <summary>
/// How fast connections are opened again after an upstream has dropped some, as when it restarts: all holders notice at once, and would come back at once.
/// Each has the part of the cluster's connects per second that its share has of the cap; shares never sum up to more than the cap, so the connects of all holders keep to the
/// configured number without a word between them. Pure: time and share are arguments. Guarded by the pool's lock.
/// </summary>
internal sealed class ConnectPace(double connectsPerSecond, Random random)
{
    // Long enough for a process to restart and drop connections a second time; then opening is the ordinary business of growing.
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(10);

    private TimeSpan? _lostAt;
    private TimeSpan _next;

    /// <summary>The upstream dropped a connection.</summary>
    /// <param name="part">This holder's part of the cap, from above 0 to 1.</param>
    /// <param name="now">The time.</param>
    public void Lost(double part, TimeSpan now)
    {
        // Somewhere within the first gap, or the first connects of all holders would fall together.
        if (!IsOn(part, now)) _next = now + (Gap(part) * random.NextDouble());
        _lostAt = now;
    }

    /// <summary>How many of the connections that are wanted may be opened now; they count as opened.</summary>
    public int Take(int wanted, double part, TimeSpan now)
    {
        if (!IsOn(part, now)) return wanted;
        if (now < _next) return 0;
        var taken = (int)Math.Min(wanted, 1 + ((now - _next) / Gap(part)));
        _next += taken * Gap(part);
        if (_next < now) _next = now;
        return taken;
    }

    /// <summary>Time until one more may be opened; zero when it may be now.</summary>
    public TimeSpan Wait(double part, TimeSpan now) => IsOn(part, now) && _next > now ? _next - now : TimeSpan.Zero;

    // Whoever has the whole cap is alone: nobody comes back beside it.
    private bool IsOn(double part, TimeSpan now) => part is > 0 and < 1 && _lostAt is { } lost && now - lost < _calm + Gap(part);

    private TimeSpan Gap(double part) => TimeSpan.FromSeconds(1 / (connectsPerSecond * part));
}
