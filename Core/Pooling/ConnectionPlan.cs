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

    private PoolOptions Options => settings.Pool;

    /// <summary>This may be used from now on.</summary>
    public void Grant(PoolShare share) => (Share, IsGranted) = (share, true);

    /// <summary>
    /// Connections that may be opened now, those that exist included: by the clock, so that a process that slept through the end of its lease opens none
    /// on it, whoever wakes first.
    /// </summary>
    public int Allowed(TimeSpan now) => now < Share.ValidUntil ? Math.Min(Share.Connections, Options.Max) : 0;

    /// <summary>Channels to keep open when nobody calls.</summary>
    public int Minimum(TimeSpan now) => Math.Min(Options.Min, Allowed(now));

    /// <summary>Channels that take calls, or will when they are open, beyond what is allowed.</summary>
    public int Excess(ChannelRoster roster, TimeSpan now) => Math.Max(0, roster.Open + roster.Connecting - Allowed(now));

    /// <summary>Connections to open now: as many as the queue needs and the minimum wants, less those on their way, within the share and the pace.</summary>
    public int Connects(ChannelRoster roster, int waiting, TimeSpan now)
    {
        var forQueue = Channels(roster, Math.Min(waiting, limiter.Free));
        var forMinimum = Minimum(now) - roster.Open;
        var wanted = Math.Max(forQueue, forMinimum) - roster.Connecting;
        var allowed = Math.Min(Allowed(now) - roster.Total, Options.ConnectConcurrency - roster.Connecting);
        return Math.Max(0, Math.Min(wanted, allowed));
    }

    /// <summary>Channels to give up because the limit has not needed them for long. Asked about once a second.</summary>
    /// <param name="roster">The channels.</param>
    /// <param name="addresses">Addresses of the endpoint: each keeps its channel, or calls could not be spread over them.</param>
    /// <param name="now">The time.</param>
    public int Surplus(ChannelRoster roster, int addresses, TimeSpan now)
    {
        var surplus = roster.Open - Math.Max(Channels(roster, limiter.Limit), Math.Max(Options.Min, addresses));
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
