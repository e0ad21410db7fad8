using OrleansPool.Core.Budget.Division;
using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Budget;

/// <summary>
/// What each holder should have: permits by need, connections to carry them. It looks at all holders at once, since what one may have depends on what the
/// others need. Not thread-safe; reuses its buffers.
/// </summary>
internal sealed class ShareDivision(BudgetSettings settings, Ledger ledger)
{
    private readonly Splitter _splitter = new();
    private readonly Concentration _concentration = new(settings);
    private readonly Standbys _standbys = new();
    private readonly List<LedgerEntry> _asking = [];
    private Claim[] _claims = [];
    private int[] _permits = [];
    private int[] _connections = [];
    private bool _areConnectionsFixed;

    /// <summary>Connections to divide among all.</summary>
    public int Cap { get; set; } = settings.Cap;

    /// <summary>Whether the limit is enforced.</summary>
    public LimitMode Mode { get; set; } = settings.Mode;

    /// <summary>Permits dealt per permit of the limit: more than 1 while most are idle.</summary>
    public double Overcommit { get; private set; } = 1;

    /// <summary>Holders that are dealt permits by their need, clients aside.</summary>
    public int ChosenHosts => _concentration.ChosenHosts;

    /// <summary>Holders that have a connection without any need.</summary>
    public int StandingBy => _standbys.Count;

    /// <summary>Whether it has calls and gets no permits for them: others have them all, so that they do not lie scattered.</summary>
    public bool MustForward(LedgerEntry entry, TimeSpan now) => _concentration.IsConcentrated && !entry.IsChosen && !IsIdle(entry, now);

    /// <summary>The share that <paramref name="entry"/> should have when all others have theirs.</summary>
    public (int Permits, int Connections) Of(LedgerEntry entry, int limit, TimeSpan now)
    {
        _areConnectionsFixed = false;
        return Divide(entry, limit, now);
    }

    /// <summary>The permits that <paramref name="entry"/> should have while nobody's connections may change.</summary>
    public int PermitsOf(LedgerEntry entry, int limit, TimeSpan now)
    {
        _areConnectionsFixed = true;
        return Divide(entry, limit, now).Permits;
    }

    private (int Permits, int Connections) Divide(LedgerEntry entry, int limit, TimeSpan now)
    {
        var (permitsLeft, connectionsLeft) = Gather(limit, now);
        _concentration.Choose(_asking, permitsLeft, connectionsLeft, mustHave: _areConnectionsFixed, now);
        _standbys.Choose(_asking, _concentration.ChosenHosts, connectionsLeft, _concentration.AreConnectionsScarce);
        Overcommit = MeasureOvercommit(limit, now);
        var slack = (int)(permitsLeft * Overcommit * (_asking.Count > 1 ? 1 - settings.HotReserve : 1));
        for (var i = 0; i < _asking.Count; i++) _claims[i] = PermitClaim(_asking[i], permitsLeft, now);
        _splitter.Divide(_claims.AsSpan(0, _asking.Count), permitsLeft, slack, _permits);
        for (var i = 0; i < _asking.Count; i++) _claims[i] = ConnectionClaim(_asking[i], _permits[i]);
        _splitter.Divide(_claims.AsSpan(0, _asking.Count), connectionsLeft, connectionsLeft, _connections);
        var index = _asking.IndexOf(entry);
        return (Math.Max(_permits[index], Uncarried(entry, permitsLeft, connectionsLeft)), _connections[index]);
    }

    /// <summary>What the connections of the chosen do not carry is used by those who stand by.</summary>
    private int Uncarried(LedgerEntry entry, int permits, int connections)
    {
        if (!entry.StandsBy) return 0;
        var uncarried = permits - ((long)(connections - _standbys.Count) * settings.CallsPerChannel);
        return (int)Math.Clamp((uncarried + _standbys.Count - 1) / _standbys.Count, 0, settings.CallsPerChannel);
    }

    /// <summary>Those whose leases are in force share what the others leave.</summary>
    private (int Permits, int Connections) Gather(int limit, TimeSpan now)
    {
        var (permits, connections) = (limit, Cap);
        _asking.Clear();
        foreach (var entry in ledger.Entries)
        {
            if (ledger.IsLeased(entry, now) && !entry.IsSilent(now)) _asking.Add(entry);
            else (permits, connections) = (permits - ledger.PermitsTaken(entry, now), connections - ledger.ConnectionsTaken(entry, now));
        }

        if (_claims.Length < _asking.Count)
        {
            var length = Math.Max(_asking.Count, _claims.Length * 2);
            (_claims, _permits, _connections) = (new Claim[length], new int[length], new int[length]);
        }

        if (_areConnectionsFixed) connections = _asking.Sum(entry => entry.Connections);
        return (Math.Max(0, permits), Math.Max(0, connections));
    }

    /// <summary>Idle permits may be dealt twice, up to a bound: idle now, and in the mean of the last second. Calls that wait use none.</summary>
    private double MeasureOvercommit(int limit, TimeSpan now)
    {
        if (Mode != LimitMode.Enforce) return 1;
        var (inFlight, used, idle) = (0, 0.0, 0.0);
        foreach (var entry in ledger.Entries)
        {
            if (!ledger.IsLeased(entry, now) || entry.IsSilent(now)) continue;
            inFlight += entry.Demand.InFlight;
            used += entry.Need.InFlight;

            // Who has no calls reports seldom: all that it was dealt is idle.
            idle += entry.Demand.IsNone ? entry.Permits : entry.Need.Idle;
        }

        // A limit that has just grown is not used yet either; nobody has had those permits, so they are not idle.
        used = Math.Max(used, limit - idle);
        return Math.Clamp(limit / Math.Max(1, Math.Max(used, inFlight)), 1, settings.MaxOvercommit);
    }

    private Claim PermitClaim(LedgerEntry entry, int permitsLeft, TimeSpan now)
    {
        if (MustForward(entry, now)) return default;
        if (IsIdle(entry, now)) return new Claim(0, 0, 0, Math.Min(permitsLeft, (double)entry.Demand.MinConnections * settings.CallsPerChannel), entry.Permits);
        var need = entry.Need.Present;
        var most = _areConnectionsFixed ? Math.Min(permitsLeft, (double)entry.Connections * settings.CallsPerChannel) : permitsLeft;
        return new Claim(Least: 1, need, Margin: Math.Sqrt(need), most, entry.Permits);
    }

    /// <summary>Whether it has had no calls for a while.</summary>
    public bool IsIdle(LedgerEntry entry, TimeSpan now) => now - entry.ActiveAt >= settings.IdleAfter;

    private Claim ConnectionClaim(LedgerEntry entry, int permits)
    {
        var least = Math.Max(entry.Demand.MinConnections, entry.StandsBy ? 1 : 0);
        var need = Math.Ceiling(Math.Min(permits, entry.Need.Present) / settings.CallsPerChannel);
        return new Claim(least, need, 0, Math.Max(least, Math.Ceiling(permits / (double)settings.CallsPerChannel)), entry.Connections);
    }
}
