namespace OrleansPool.Core.Pooling;

/// <summary>
/// Deals moments to this holder, so that those of all holders together come at an even rate without a word between them: each has the part of the rate that its share has of
/// the cap, and begins at its own turn. Shares never sum up to more than the cap, so neither do the rates. Pure: time and share are arguments.
/// </summary>
/// <param name="perSecond">Moments per second for all holders together.</param>
/// <param name="credit">Moments not used in time can be used later by this much: as late as somebody may look.</param>
internal sealed class Pace(double perSecond, TimeSpan credit)
{
    private TimeSpan _next;

    /// <summary>Begins anew.</summary>
    /// <param name="part">This holder's part of the cap, above 0 to 1.</param>
    /// <param name="turn">Where it begins within the time that it has for one moment, 0 to below 1: each holder elsewhere, or the first ones of all would fall together.</param>
    /// <param name="now">The time.</param>
    public void Begin(double part, double turn, TimeSpan now) => _next = now + (Gap(part) * turn);

    /// <summary>How many of the moments wanted are due; they are used then.</summary>
    public int Take(int wanted, double part, TimeSpan now)
    {
        if (_next < now - credit) _next = now - credit;
        if (wanted <= 0 || now < _next) return 0;
        var taken = (int)Math.Min(wanted, 1 + ((now - _next) / Gap(part)));
        _next += taken * Gap(part);
        return taken;
    }

    /// <summary>Time until the next moment; zero when it is due.</summary>
    public TimeSpan Wait(TimeSpan now) => _next > now ? _next - now : TimeSpan.Zero;

    /// <summary>Time that this holder has for one moment.</summary>
    public TimeSpan Gap(double part) => TimeSpan.FromSeconds(1 / (perSecond * part));
}
