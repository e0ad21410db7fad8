using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// How many connections there may be, how many there should be, and so how many to open or to give up: what follows from the share, the limit, the queue
/// and the clock. Channels follow the limit: up at once, when calls wait that have a permit; down slowly. Guarded by the pool's lock.
/// </summary>
internal sealed class ConnectionPlan(PoolSettings settings, ShareLimiter limiter)
{
    // A limit that dips for a probe or an incident comes back within seconds; opening the channels again would cost more than keeping them that long.
    private static readonly TimeSpan _surplusPatience = TimeSpan.FromSeconds(30);

    private TimeSpan? _surplusSince;

    /// <summary>What may be used.</summary>
    public PoolShare Share { get; private set; } = PoolShare.None;

    /// <summary>True once somebody has said what may be used, be it nothing.</summary>
    public bool IsGranted { get; private set; }

    /// <summary>Channels that this process keeps open when nobody calls, as far as its share goes.</summary>
    public int Min { get; private set; } = settings.Pool.Min;

    /// <summary>Connections at most in this process, whatever its share.</summary>
    public int Max { get; private set; } = settings.Pool.Max;

    /// <summary>Goes by these numbers from now on.</summary>
    public void Adjust(PoolTuning tuning) => (Min, Max) = (tuning.Min, tuning.Max);

    /// <summary>This may be used from now on.</summary>
    public void Grant(PoolShare share) => (Share, IsGranted) = (share, true);

    /// <summary>
    /// Connections that may be opened now, those that exist included: by the clock, so that a process that slept through the end of its lease opens none
    /// on it, whoever wakes first.
    /// </summary>
    public int Allowed(TimeSpan now) => now < Share.ValidUntil ? Math.Min(Share.Connections, Max) : 0;

    /// <summary>What may be opened, as a part of what all holders together may: its part of the cap.</summary>
    public double Part(TimeSpan now) => (double)Allowed(now) / Max;

    /// <summary>Channels to keep open when nobody calls.</summary>
    public int Minimum(TimeSpan now) => Math.Min(Min, Allowed(now));

    /// <summary>Channels that take calls, or will when they are open, beyond what is allowed.</summary>
    public int Excess(ChannelRoster roster, TimeSpan now) => Math.Max(0, roster.Open + roster.Connecting - Allowed(now));

    /// <summary>Gives up what is beyond what is allowed: by drain, or at once where the share says so.</summary>
    public void Shrink(ChannelRoster roster, TimeSpan now, ref Aftermath after)
    {
        if (Share.MustSever) roster.Sever(roster.Total - Allowed(now), ref after);
        else roster.RetireLeastBusy(Excess(roster, now) - roster.Connecting, CloseReason.Shrink, ref after);
    }

    /// <summary>Connections to open now: as many as the queue needs and the minimum wants, less those on their way, within the share and the pace.</summary>
    public int Connects(ChannelRoster roster, int waiting, TimeSpan now)
    {
        var forQueue = Channels(roster, Math.Min(waiting, limiter.Free));
        var forMinimum = Minimum(now) - roster.Open;
        var wanted = Math.Max(forQueue, forMinimum) - roster.Connecting;
        var allowed = Math.Min(Allowed(now) - roster.Total, settings.Pool.ConnectConcurrency - roster.Connecting);
        return Math.Max(0, Math.Min(wanted, allowed));
    }

    /// <summary>
    /// True when a permit is free for one call more than those that wait, and so is a channel that is being opened, or, where <paramref name="mayOpen"/>, can be:
    /// then its wait is for a connect, and not for another call's end.
    /// </summary>
    public bool WaitIsForConnect(ChannelRoster roster, int waiting, bool mayOpen, TimeSpan now)
    {
        var coming = roster.Connecting + (mayOpen ? Math.Max(0, Allowed(now) - roster.Total) : 0);
        return limiter.Free > waiting && Channels(roster, waiting + 1) <= coming;
    }

    /// <summary>Channels to give up because the limit has not needed them for long. Asked about once a second.</summary>
    /// <param name="roster">The channels.</param>
    /// <param name="addresses">Addresses of the endpoint: each keeps its channel, or calls could not be spread over them.</param>
    /// <param name="now">The time.</param>
    public int Surplus(ChannelRoster roster, int addresses, TimeSpan now)
    {
        var surplus = roster.Open - Math.Max(Channels(roster, limiter.Limit), Math.Max(Min, addresses));
        if (surplus <= 0)
        {
            _surplusSince = null;
            return 0;
        }

        _surplusSince ??= now;
        return now - _surplusSince >= _surplusPatience ? surplus : 0;
    }

    /// <summary>Channels that so many calls at once need, by what the open ones really carry: the peer may take fewer than configured.</summary>
    private int Channels(ChannelRoster roster, int calls)
    {
        var carried = roster.Open > 0 ? (double)roster.Capacity / roster.Open : settings.CallsPerChannel;
        return (int)Math.Min(int.MaxValue, Math.Ceiling(calls / Math.Max(1, carried)));
    }
}
