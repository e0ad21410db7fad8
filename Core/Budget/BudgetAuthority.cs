using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget;

/// <summary>
/// The authority's side of the lease protocol (docs/budget.md): takes reports in, lets the law find the limit, and deals shares of limit and cap.
/// Whether it may answer at all, its host decides (rules store_lease, fence_wait). Not thread-safe; no clock, no I/O.
/// </summary>
public sealed class BudgetAuthority
{
    private BudgetSettings _settings;
    private readonly LimitController _controller;
    private readonly Ledger _ledger;
    private readonly ShareDivision _division;
    private readonly TimeSpan _learnsUntil;
    private readonly TimeSpan _permitsKnownAt;
    private readonly Grants _grants;
    private readonly Floors _floors;
    private readonly Forwarding _forwarding;
    private readonly OrderBook _orders;

    /// <summary>Takes office.</summary>
    /// <param name="settings">As the holders have them.</param>
    /// <param name="controller">Finds the limit; nobody else's.</param>
    /// <param name="epoch">Greater than that of any authority before.</param>
    /// <param name="now">Time on this process's clock.</param>
    /// <param name="mustLearn">True unless it is known that no holder has anything from an authority before but what is inherited.</param>
    /// <param name="inherited">What holders have from an authority before.</param>
    /// <param name="mustRecord">True when an authority to come shall know of floors: none is dealt then before <see cref="Recorded"/> was told.</param>
    /// <param name="orders">What the store knows of orders.</param>
    public BudgetAuthority(
        BudgetSettings settings, LimitController controller, long epoch, TimeSpan now, bool mustLearn, IReadOnlyList<HolderRecord>? inherited = null, bool mustRecord = false, Orders? orders = null)
    {
        (_settings, _controller, Epoch) = (settings, controller, epoch);
        _ledger = new Ledger(settings);
        _division = new ShareDivision(settings, _ledger);
        Cap = settings.Cap;
        _grants = new Grants(settings, _ledger, _division);
        _floors = new Floors(settings, _ledger, _division, mustRecord);
        _forwarding = new Forwarding(_ledger, _division);
        _learnsUntil = mustLearn ? now + settings.Learning : now;
        _permitsKnownAt = mustLearn ? now + (settings.TimeToLive / 3) : now;
        foreach (var record in inherited ?? []) Inherit(record, mustLearn, now);
        _orders = new OrderBook(orders ?? Orders.None, epoch);
        if (_orders.InForce != Orders.None) Obey(_controller.Law, now);
    }

    /// <summary>Its epoch.</summary>
    public long Epoch { get; }

    /// <summary>What of the limit is worth keeping over a restart.</summary>
    public LimitMemory Remember() => _controller.Remember();

    /// <summary>Permits for all holders together: the law's limit, or all that the cap's connections carry where no limit is enforced.</summary>
    public int Limit => Mode == LimitMode.Enforce ? Math.Min(_controller.Limit, _grants.Carried(Cap)) : _grants.Carried(Cap);

    /// <summary>Whether it still grants what holders report only (rule learning).</summary>
    public bool IsLearning(TimeSpan now) => now < _learnsUntil;

    /// <summary>
    /// Connections at most: the configured number, or that of a holder where it has a lower one. While hosts differ, as when a new configuration goes round, the
    /// lower cap is the safe one, and a higher one holds when the last has it.
    /// </summary>
    public int Cap { get; private set; }

    /// <summary>
    /// Goes by these settings and this law from now on; the times of the protocol stay. A lower cap is reached as holders renew and their channels drain: no grant
    /// raises the sum beyond it.
    /// </summary>
    public void Change(BudgetSettings settings, ILimitLaw law, TimeSpan now)
    {
        _settings = _settings with { Cap = settings.Cap, MinConnections = settings.MinConnections, Bounds = settings.Bounds, Mode = settings.Mode };
        Obey(law, now);
    }

    /// <summary>What operators told, as far as a restart is to leave it.</summary>
    public Orders KeptOrders => _orders.Kept;

    /// <summary>An operator's order: in force from now on, at each holder with its next renewal.</summary>
    public void Take(Order order, TimeSpan now)
    {
        _orders.Take(order);
        Obey(_controller.Law, now);
    }

    /// <summary>Connections that all holders with a share in force are to keep open when nobody calls; may be more than there are.</summary>
    public int MinimumsWanted(TimeSpan now) => _ledger.Entries.Where(entry => _ledger.IsLeased(entry, now)).Sum(entry => entry.Demand.MinConnections);

    /// <summary>Processes a request. Null when it is not newer than the last one of that holder: its answer would not be accepted either.</summary>
    public RenewReply? Renew(RenewRequest request, TimeSpan now)
    {
        if (_ledger.Admit(request) is not { } entry) return null;
        var known = _ledger.ConnectionsTaken(entry, now);
        TakeIn(entry, request, now);
        if (request.IsLeaving) return Bury(entry, request, now);
        var (permits, connections) = IsLearning(now) ? Repeat(entry, request, now) : _grants.Deal(entry, request, known, Limit, now);
        var floor = IsLearning(now) ? request.Floor : _floors.Of(entry, request, connections);
        Write(entry, request, permits, connections, floor, now);
        return Reply(entry, request, connections, floor, now);
    }

    /// <summary>
    /// Membership declared a holder dead. No proof that its sockets are closed, since a process that stands still is declared dead as well: its permits
    /// return at once, its connections after the reserve, or when it leaves or comes back as a newer process.
    /// </summary>
    public void HolderDied(string holder, long generation, TimeSpan now)
    {
        if (_ledger.Find(holder) is not { } entry || entry.Generation > generation) return;
        entry.IsDead = true;
        _controller.Forget(holder);
    }

    /// <summary>
    /// What an authority to come must know: the floors that holders have or are to get, and for a handover their shares. From here on no floor is dealt
    /// beyond these, since the write may take place even when it seems to fail; <see cref="Recorded"/> lets greater ones be dealt.
    /// </summary>
    public IReadOnlyList<HolderRecord> Records(TimeSpan now) => _floors.Records(now);

    /// <summary>Whether the store should be told anew: a holder is to get a floor that it does not know of.</summary>
    public bool HasNewFloors => _floors.AreUnrecorded;

    /// <summary>The store has these records.</summary>
    public void Recorded(IReadOnlyList<HolderRecord> records) => _floors.Recorded(records);

    /// <summary>All of it, for people.</summary>
    public BudgetView View(TimeSpan now) => new()
    {
        Endpoint = _settings.Endpoint,
        Mode = IsLearning(now) ? BudgetMode.Learning : BudgetMode.Normal,
        Epoch = Epoch,
        LearningLeft = IsLearning(now) ? _learnsUntil - now : TimeSpan.Zero,
        Limit = Limit,
        ObservedLimit = Mode == LimitMode.Observe ? _controller.Limit : null,
        Reason = _orders.InForce.Limit is null ? _controller.Reason : LimitReason.Ordered,
        LimitMode = Mode,
        Orders = _orders.InForce,
        KeptOrders = _orders.Kept,
        Cap = Cap,
        MinimumsWanted = MinimumsWanted(now),
        ConnectionsTaken = _ledger.Entries.Sum(entry => _ledger.ConnectionsTaken(entry, now)),
        Overcommit = _division.Overcommit,
        Baseline = _controller.Baseline,
        LastEpoch = _controller.LastEpoch,
        Changes = [.. _controller.Changes],
        ChangeCounts = [.. _controller.ChangeCounts],
        Law = _controller.Law.Name,
        Holders = [.. _ledger.Entries.Select(entry => HolderView.Of(entry, _ledger, _settings.TimeToLive, now))],
        Now = now,
    };

    private void Inherit(HolderRecord record, bool mustLearn, TimeSpan now)
    {
        var entry = _ledger.Open(record.Holder, record.Generation);
        (entry.InheritedConnections, entry.InheritedFloor, entry.RecordedFloor, entry.GrantedAt) = (mustLearn ? 0 : record.Connections, record.Floor, record.Floor, now);
        entry.IsClient = record.IsClient;
    }

    private void TakeIn(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        _ledger.Sweep(now, except: entry);
        entry.Number = request.Number;
        entry.IsDead = false;
        entry.IsClient = request.IsClient;
        entry.Demand = DemandOf(request);
        entry.Epoch = request.Epoch;
        if (request.Epoch == Epoch) (entry.InheritedConnections, entry.InheritedFloor) = (0, 0);
        entry.GrantedAt = now;
        if (!request.Demand.IsNone) entry.ActiveAt = now;

        // A client may have lived through a restart of the cluster, and with it the orders that were to end there.
        if (request is { IsClient: false, Orders: { } heard } && _orders.Hear(heard)) Obey(_controller.Law, now);
        AgreeOnCap(now);
        entry.Need.Add(request.Demand, request.HeldPermits, now);
        entry.RenewAfter = _settings.RenewPeriod;
        entry.RoundTrip = request.Sample?.RoundTrip ?? entry.RoundTrip;
        if (request.Sample is { } sample) _controller.Report(request.Holder, sample, now);
        _controller.Advance(now);
    }

    // Clients come in any number, and each has a configuration of its own: neither can one of them lower the cap of all, nor all together take it up while they idle.
    private static HolderDemand DemandOf(RenewRequest request) => request.IsClient ? request.Demand with { MinConnections = 0, Cap = 0 } : request.Demand;

    // A limit that was set is to hold, whatever is configured to be done with the law's.
    private LimitMode Mode => _orders.InForce.Limit is not null ? LimitMode.Enforce : _orders.InForce.Mode ?? _settings.Mode;

    /// <summary>Goes by settings and orders as they are now: a law whose bounds leave it one number has no other.</summary>
    private void Obey(ILimitLaw law, TimeSpan now)
    {
        _division.Mode = Mode;
        var bounds = _orders.InForce.Limit is { } limit ? _settings.Bounds with { Floor = limit, Ceiling = limit, Initial = limit } : _settings.Bounds;
        _controller.Change(law, bounds, Mode, now);
        AgreeOnCap(now);
    }

    private void AgreeOnCap(TimeSpan now)
    {
        Cap = Math.Min(_settings.Cap, _orders.InForce.Cap ?? int.MaxValue);
        foreach (var entry in _ledger.Entries)
        {
            if (entry.Demand.Cap > 0 && _ledger.IsLeased(entry, now)) Cap = Math.Min(Cap, entry.Demand.Cap);
        }

        _division.Cap = Cap;
    }

    /// <summary>
    /// Rule learning: what the authority before granted to holders not heard from yet is unknown, so nobody gets more connections than it reports. Permits are
    /// no hard promise: they are repeated until all who live have been heard, and then dealt by need.
    /// </summary>
    private (int Permits, int Connections) Repeat(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        var permits = now < _permitsKnownAt ? _grants.RepeatPermits(entry, request, Limit, now) : _grants.DealPermits(entry, request, Limit, now);
        return (permits, request.HeldConnections);
    }

    private void Write(LedgerEntry entry, RenewRequest request, int permits, int connections, int floor, TimeSpan now)
    {
        entry.Permits = permits;
        entry.StandbyPermits = _grants.StandbyPermits(entry, connections, Limit, now);
        entry.Connections = Math.Max(connections, request.HeldConnections);
        entry.Floor = Math.Max(floor, request.Floor);
        entry.FloorPermits = _floors.PermitsOf(entry, floor, Limit);
        entry.RenewAfter = RenewAfter(entry, request, now);
    }

    private RenewReply Bury(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        Clear(entry);
        _controller.Forget(request.Holder);
        return Reply(entry, request, 0, 0, now);
    }

    private static void Clear(LedgerEntry entry)
    {
        (entry.Permits, entry.StandbyPermits, entry.FloorPermits, entry.Connections, entry.Floor, entry.IsDead) = (0, 0, 0, 0, 0, true);
        (entry.InheritedConnections, entry.InheritedFloor) = (0, 0);
        entry.WantFloor(0);
    }

    private RenewReply Reply(LedgerEntry entry, RenewRequest request, int connections, int floor, TimeSpan now) => new()
    {
        Number = request.Number,
        Epoch = Epoch,
        Permits = entry.Permits + entry.StandbyPermits,
        Connections = connections,
        Floor = floor,
        FloorPermits = entry.FloorPermits,
        Turn = (double)_ledger.ConnectionsBefore(entry, now) / Cap % 1,
        TimeToLive = _settings.TimeToLive,
        RenewAfter = entry.RenewAfter,
        Limit = Limit,
        ForwardTo = ForwardTo(entry, now),
        Orders = _orders.InForce,
    };

    /// <summary>Seldom when it has no calls, and hardly ever when it has nothing either, nor is to get a connection to stand by with.</summary>
    private TimeSpan RenewAfter(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        if (!_division.IsIdle(entry, now)) return _controller.IsWatching ? _settings.WatchedRenewPeriod : _settings.RenewPeriod;
        var mayHave = IsLearning(now) || entry.StandsBy || entry.LeasedConnections > 0 || request.HeldConnections > 0 || request.Demand.MinConnections > 0;
        return mayHave ? _settings.IdleRenewPeriod : _settings.LookInPeriod;
    }

    private string[] ForwardTo(LedgerEntry entry, TimeSpan now) =>
        now < _permitsKnownAt ? _forwarding.WhileRepeated(entry, now)
        : IsLearning(now) ? _forwarding.WhileConnectionsStay(entry, now)
        : _forwarding.Of(entry, now);
}
