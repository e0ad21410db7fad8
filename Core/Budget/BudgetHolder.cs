namespace OrleansPool.Core.Budget;

/// <summary>
/// A holder's side of the lease protocol (docs/budget.md): what it asks, which answers count, and what it may use at a given moment. All of it follows from
/// the clock, so that a process that slept through the end of its lease sees that with its first look. Not thread-safe; no clock, no I/O.
/// </summary>
public sealed class BudgetHolder
{
    /// <summary>Patience of the first request: a grain call within a cluster takes a few ms, one to a grain that is just moving some 100 ms.</summary>
    private static readonly TimeSpan _firstPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _leastPatience = TimeSpan.FromMilliseconds(250);

    // So few calls come and go by chance.
    private const int LeastEbb = 4;

    private readonly BudgetSettings _settings;
    private readonly TimeSpan _mostPatience;
    private readonly string _name;
    private readonly long _generation;
    private readonly bool _isClient;
    private TimeSpan _sentAt;
    private TimeSpan _leasedAt;
    private RenewReply? _share;
    private long _number;
    private bool _isPending;
    private HolderDemand _told;
    private TimeSpan _roundTrip;
    private TimeSpan _meanTrip;
    private TimeSpan _deviation;

    /// <summary>A holder that has nothing yet.</summary>
    /// <param name="settings">As the authority has them.</param>
    /// <param name="name">The holder's address, the same after a restart; of a client a name of its process.</param>
    /// <param name="generation">Grows with each process at that address.</param>
    /// <param name="isClient">True for a client that holds connections itself.</param>
    public BudgetHolder(BudgetSettings settings, string name, long generation, bool isClient = false)
    {
        (_settings, _name, _generation, _isClient) = (settings, name, generation, isClient);
        _mostPatience = settings.TimeToLive / 4;
        Patience = _firstPatience;
    }

    /// <summary>Epoch of the authority that granted last; 0 before.</summary>
    public long Epoch => _share?.Epoch ?? 0;

    /// <summary>The limit for all holders together, as last heard; 0 before.</summary>
    public int Limit => _share?.Limit ?? 0;

    /// <summary>
    /// Holders with a share to forward the calls to for which there is no permit here, as last heard; empty while its own calls are to wait for permits here. It
    /// holds beyond the end of the lease, since those others have the greater floors, too.
    /// </summary>
    public IReadOnlyList<string> ForwardTo => _share?.ForwardTo ?? [];

    /// <summary>What operators told the endpoint, as last heard. It holds beyond the end of the lease.</summary>
    public Orders Orders => _share?.Orders ?? Orders.None;

    /// <summary>Whether calls that end could make a request due, of which no clock tells: to be looked at each <see cref="BudgetSettings.BoundRenewPeriod"/>.</summary>
    public bool MayEbb => _told.InFlight + _told.Waiting > LeastEbb;

    /// <summary>Connections it may keep when nobody grants.</summary>
    public int Floor => _share?.Floor ?? 0;

    /// <summary>
    /// How long to wait for the answer to the last request before asking anew. Follows the round trip, since a new request makes the answer to the last one
    /// worthless: who asks faster than answers come never gets one.
    /// </summary>
    public TimeSpan Patience { get; private set; }

    /// <summary>The next request. From here on answers to earlier ones are void.</summary>
    /// <param name="openConnections">Connecting, idle, busy and draining ones.</param>
    /// <param name="demand">What it needs now.</param>
    /// <param name="sample">What it saw since its last request; null when nothing.</param>
    /// <param name="now">Time on this process's clock.</param>
    public RenewRequest Compose(int openConnections, in HolderDemand demand, Limits.Sampling.LoadSample? sample, TimeSpan now)
    {
        if (_isPending) Patience = Least(Patience * 2, _mostPatience);
        _told = demand;
        if (sample is not null) sample.RoundTrip = _roundTrip;
        return Next(Math.Max(openConnections, Held(now)), now) with { HeldPermits = IsLeased(now) ? _share!.Permits : 0, Floor = Floor, Demand = demand, Sample = sample };
    }

    /// <summary>The last request of a process that stops: to be called when all its connections are closed. Its floor is given back as well.</summary>
    public RenewRequest ComposeLeave(TimeSpan now)
    {
        _share = null;
        return Next(0, now) with { IsLeaving = true };
    }

    /// <summary>Takes an answer in. False when it answers another than the latest request (rule latest_only), or comes from an authority that was replaced.</summary>
    public bool Accept(RenewReply reply, TimeSpan now)
    {
        if (!_isPending || reply.Number != _number || reply.Epoch < Epoch) return false;
        _isPending = false;
        _roundTrip = now - _sentAt;
        Patience = Least(Greatest(Expect(_roundTrip), _leastPatience), _mostPatience);
        (_share, _leasedAt) = (reply, _sentAt);
        return true;
    }

    /// <summary>No answer will come to that request: the way was broken, or the authority cannot answer now.</summary>
    public void GiveUp(long number) => _isPending &= number != _number;

    /// <summary>What may be used at <paramref name="now"/>.</summary>
    public HolderAllowance Allowance(TimeSpan now)
    {
        if (_share is not { } share) return default;
        var left = _leasedAt + share.TimeToLive - now;
        if (IsInUse(now)) return new(share.Permits, share.Connections, MustSever: false, left - _settings.SeverLead, share.Turn);
        return new(
            share.FloorPermits,
            share.Floor,
            MustSever: left <= TimeSpan.Zero && _settings.OnLeaseLoss == LeaseLoss.Sever,
            Greatest(left, TimeSpan.Zero),
            share.Turn);
    }

    /// <summary>
    /// When an answer is late, by what is usual: the mean round trip and four times its mean deviation, both smoothed as TCP does (RFC 6298). A multiple of the
    /// round trip alone would wait for seconds where the way is long, although it is even.
    /// </summary>
    private TimeSpan Expect(TimeSpan roundTrip)
    {
        if (_meanTrip == default) (_meanTrip, _deviation) = (roundTrip, roundTrip / 2);
        _deviation += ((roundTrip - _meanTrip).Duration() - _deviation) / 4;
        _meanTrip += (roundTrip - _meanTrip) / 8;
        return _meanTrip + (4 * _deviation);
    }

    /// <summary>Whether it is time for the next request.</summary>
    public bool IsDue(in HolderDemand demand, TimeSpan now) => DueIn(demand, now) <= TimeSpan.Zero;

    /// <summary>Time until the next request is due if the demand stays as it is; negative when it is overdue.</summary>
    public TimeSpan DueIn(in HolderDemand demand, TimeSpan now) => Interval(demand) - (now - _sentAt);

    private TimeSpan Interval(in HolderDemand demand)
    {
        if (_number == 0) return TimeSpan.Zero;
        if (_isPending) return Patience;
        if (_share is null) return demand.IsNone ? _settings.RenewPeriod : _settings.BoundRenewPeriod;
        if (demand.IsNone) return Greatest(_share.RenewAfter, _settings.RenewPeriod);
        if (demand.Waiting > 0 && _told.Waiting == 0) return _settings.StarvingSpacing;
        var isBound = demand.Waiting > 0 || (demand.InFlight > 0 && demand.InFlight >= _share.Permits);
        return Least(_share.RenewAfter, isBound || HasEbbed(demand) ? _settings.BoundRenewPeriod : _settings.RenewPeriod);
    }

    /// <summary>Its need fell to less than half of what it told, so others may be waiting for what it can give back.</summary>
    private bool HasEbbed(in HolderDemand demand) => _told.InFlight + _told.Waiting - LeastEbb > 2 * (demand.InFlight + demand.Waiting);

    private RenewRequest Next(int held, TimeSpan now)
    {
        (_sentAt, _isPending) = (now, true);
        return new RenewRequest { Holder = _name, Generation = _generation, Number = ++_number, Epoch = Epoch, HeldConnections = held, IsClient = _isClient, Orders = Orders.Number > 0 ? Orders : null };
    }

    private bool IsLeased(TimeSpan now) => _share is { } share && now - _leasedAt < share.TimeToLive;

    /// <summary>Whether its share may be used for new calls: not in the last moments of the lease.</summary>
    private bool IsInUse(TimeSpan now) => _share is { } share && _leasedAt + share.TimeToLive - now > _settings.SeverLead;

    private int Held(TimeSpan now) => IsLeased(now) ? Math.Max(_share!.Connections, Floor) : Floor;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Greatest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
