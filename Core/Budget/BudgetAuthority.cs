using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Budget;

/// <summary>
/// The authority's side of the lease protocol (docs/budget.md): takes reports in, lets the law find the limit, and deals shares of limit and cap.
/// Whether it may answer at all, its host decides (rules store_lease, fence_wait). Not thread-safe; no clock, no I/O.
/// </summary>
public sealed class BudgetAuthority
{
    private readonly BudgetSettings _settings;
    private readonly LimitController _controller;
    private readonly Ledger _ledger;
    private readonly ShareDivision _division;
    private readonly TimeSpan _learnsUntil;

    /// <summary>Takes office.</summary>
    /// <param name="settings">As the holders have them.</param>
    /// <param name="controller">Finds the limit; nobody else's.</param>
    /// <param name="epoch">Greater than that of any authority before.</param>
    /// <param name="now">Time on this process's clock.</param>
    /// <param name="mustLearn">True unless it is known that no holder has anything from an authority before.</param>
    public BudgetAuthority(BudgetSettings settings, LimitController controller, long epoch, TimeSpan now, bool mustLearn)
    {
        (_settings, _controller, Epoch) = (settings, controller, epoch);
        _ledger = new Ledger(settings);
        _division = new ShareDivision(settings, _ledger);
        _learnsUntil = mustLearn ? now + settings.Reserve : now;
    }

    /// <summary>Its epoch.</summary>
    public long Epoch { get; }

    /// <summary>Permits for all holders together: the law's limit, or all that the cap's connections carry where no limit is enforced.</summary>
    public int Limit => _settings.Mode == LimitMode.Enforce ? Math.Min(_controller.Limit, Carried(_settings.Cap)) : Carried(_settings.Cap);

    /// <summary>Processes a request. Null when it is not newer than the last one of that holder: its answer would not be accepted either.</summary>
    public RenewReply? Renew(RenewRequest request, TimeSpan now)
    {
        if (_ledger.Admit(request) is not { } entry) return null;
        TakeIn(entry, request, now);
        if (request.IsLeaving) return Bury(entry, request, now);
        var (permits, connections, floor) = IsLearning(now) ? Repeat(request) : Deal(entry, request, now);
        Write(entry, request, permits, connections, floor, now);
        return Reply(entry, request, permits, connections, floor, now);
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

    /// <summary>All of it, for people.</summary>
    public BudgetView View(TimeSpan now) => new()
    {
        Endpoint = _settings.Endpoint,
        Mode = IsLearning(now) ? BudgetMode.Learning : BudgetMode.Normal,
        Epoch = Epoch,
        LearningLeft = IsLearning(now) ? _learnsUntil - now : TimeSpan.Zero,
        Limit = Limit,
        LimitMode = _settings.Mode,
        Cap = _settings.Cap,
        ConnectionsTaken = _ledger.Entries.Sum(entry => _ledger.ConnectionsTaken(entry, now)),
        Overcommit = _division.Overcommit,
        Baseline = _controller.Baseline,
        LastEpoch = _controller.LastEpoch,
        Changes = [.. _controller.Changes],
        Holders = [.. _ledger.Entries.Select(entry => ViewOf(entry, now))],
        Now = now,
    };

    private bool IsLearning(TimeSpan now) => now < _learnsUntil;

    private void TakeIn(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        _ledger.Sweep(now, except: entry);
        entry.Number = request.Number;
        entry.IsDead = false;
        entry.Demand = request.Demand;
        entry.Epoch = request.Epoch;
        entry.GrantedAt = now;
        if (!request.Demand.IsNone) entry.ActiveAt = now;
        entry.Need.Add(request.Demand, now);
        if (request.Sample is { } sample) _controller.Report(request.Holder, sample, now);
        _controller.Advance(now);
    }

    /// <summary>Rule learning: what the authority before granted to holders not heard from yet is unknown, so nobody gets more than it reports.</summary>
    private static (int Permits, int Connections, int Floor) Repeat(RenewRequest request) => (request.HeldPermits, request.HeldConnections, request.Floor);

    private (int Permits, int Connections, int Floor) Deal(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        // What the entry has counts as its own from here: a share that shrinks may always be granted, one that grows needs room beside all others.
        (entry.Permits, entry.Connections, entry.Floor) = (request.HeldPermits, request.HeldConnections, request.Floor);
        var target = _division.Of(entry, Limit, now);
        var connections = Grant(target.Connections, request.HeldConnections, _settings.Cap - _ledger.ConnectionsTakenByOthers(entry, now));
        var permits = Grant(target.Permits, entry.UsablePermits, (int)(Limit * _division.Overcommit) - _ledger.PermitsTakenByOthers(entry, now));
        return ((int)Math.Min(permits, Carried(connections)), connections, Math.Min(connections, HalfOf(_settings.Cap, now)));
    }

    private static int Grant(int target, int held, int room) => Math.Min(target, Math.Max(held, room));

    private void Write(LedgerEntry entry, RenewRequest request, int permits, int connections, int floor, TimeSpan now)
    {
        entry.Permits = permits;
        entry.Connections = Math.Max(connections, request.HeldConnections);
        entry.Floor = Math.Max(floor, request.Floor);
        entry.FloorPermits = (int)Math.Min(Math.Min(permits, HalfOf(Limit, now)), Carried(floor));
    }

    /// <summary>
    /// A holder's even part of one half: floors keep service up while nobody can grant, and the other half can still go where it is needed.
    /// </summary>
    private int HalfOf(int total, TimeSpan now) => Math.Max(1, total / 2 / Math.Max(1, _ledger.Entries.Count(entry => _ledger.IsLeased(entry, now))));

    private int Carried(int connections) => (int)Math.Min(int.MaxValue, (long)connections * _settings.CallsPerChannel);

    private RenewReply Bury(LedgerEntry entry, RenewRequest request, TimeSpan now)
    {
        (entry.Permits, entry.Connections, entry.Floor, entry.FloorPermits, entry.IsDead) = (0, 0, 0, 0, true);
        _controller.Forget(request.Holder);
        return Reply(entry, request, 0, 0, 0, now);
    }

    private RenewReply Reply(LedgerEntry entry, RenewRequest request, int permits, int connections, int floor, TimeSpan now) => new()
    {
        Number = request.Number,
        Epoch = Epoch,
        Permits = permits,
        Connections = connections,
        Floor = floor,
        FloorPermits = entry.FloorPermits,
        TimeToLive = _settings.TimeToLive,
        RenewAfter = now - entry.ActiveAt < _settings.IdleAfter ? _settings.RenewPeriod : _settings.IdleRenewPeriod,
        Limit = Limit,
    };

    private HolderView ViewOf(LedgerEntry entry, TimeSpan now) => new()
    {
        Holder = entry.Holder,
        Generation = entry.Generation,
        Permits = _ledger.PermitsTaken(entry, now),
        InFlight = entry.Demand.InFlight,
        Waiting = entry.Demand.Waiting,
        Rate = entry.Demand.Rate,
        Need = entry.Need.Mean,
        Connections = _ledger.ConnectionsTaken(entry, now),
        Floor = entry.Floor,
        TimeLeft = _ledger.IsLeased(entry, now) ? entry.GrantedAt + _settings.TimeToLive - now : TimeSpan.Zero,
        Epoch = entry.Epoch,
        IsDead = entry.IsDead,
    };
}
