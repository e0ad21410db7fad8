namespace OrleansPool.Core.Budget;

/// <summary>
/// Chooses the holders that get permits. Below about 8 permits per holder the split itself costs more than any law can win back: with one permit each, calls
/// wait at one holder while another's permit is free (decision 0014). Then few get all, and the others forward to them. The choice stays as it is
/// while the limit moves a little, and who was chosen stays so while it asks. Nobody can forward to a client, so where silos have calls one of these is
/// among the chosen, and beside it a client that needs more than they. Not thread-safe.
/// </summary>
internal sealed class Concentration(BudgetSettings settings)
{
    /// <summary>The number of chosen holders falls when they have less than this part of what they should have.</summary>
    private const double Down = 0.8;

    /// <summary>And grows when they would have this much more than they should even so.</summary>
    private const double Up = 1.2;

    // One holder with more than half of the connections would take them along for the whole reserve when it dies.
    private const double Scarce = .5;

    // And back, so that the limit's small moves do not change the choice.
    private const double Unscarce = .4;

    // The calls of the chosen are all calls, those forwarded to it as well. A silo with half of an even part of them will do in its place.
    private const double UnevenAtMost = 2;

    private bool _mustHave;

    /// <summary>True when the permits need more than half of the connections: then one alone does not get all where two need some.</summary>
    public bool AreConnectionsScarce { get; private set; }

    /// <summary>True when some who have calls get no permits.</summary>
    public bool IsConcentrated { get; private set; }

    /// <summary>Holders that are dealt permits by their need.</summary>
    public int Chosen { get; private set; }

    /// <summary>Those of them that are no clients.</summary>
    public int ChosenHosts { get; private set; }

    /// <summary>Marks those of <paramref name="asking"/> that get permits.</summary>
    /// <param name="asking">All whose leases are in force.</param>
    /// <param name="permits">To be divided.</param>
    /// <param name="connections">To be divided: each chosen one needs one.</param>
    /// <param name="mustHave">Whether only those count who have connections already.</param>
    /// <param name="now">The authority's time.</param>
    public void Choose(List<LedgerEntry> asking, int permits, int connections, bool mustHave, TimeSpan now)
    {
        _mustHave = mustHave;
        var (candidates, clients, needing) = (0, 0, 0);
        Chosen = 0;
        foreach (var entry in asking)
        {
            var isCandidate = IsCandidate(entry, now);
            entry.IsChosen &= isCandidate;
            if (isCandidate) candidates++;
            if (isCandidate && entry.IsClient) clients++;
            if (isCandidate && entry.Need.Mean >= 1) needing++;
            if (entry.IsChosen) Chosen++;
        }

        AreConnectionsScarce = permits > (AreConnectionsScarce ? Unscarce : Scarce) * connections * settings.CallsPerChannel;

        // A client beside a silo, be the limit ever so small: else the silo, which makes the client's calls meanwhile, would never run out of calls.
        var least = (AreConnectionsScarce && needing > 1) || (clients > 0 && clients < candidates) ? 2 : 1;
        var wanted = Math.Min(candidates, Math.Max(1, Math.Min(connections, Math.Max(Wanted(permits), least))));
        if (mustHave) ChooseByConnections(asking, wanted, permits, now);
        else ChooseByNeed(asking, wanted, now);
        if (!mustHave) LeaveHome(asking, now);
        ChosenHosts = CountHosts(asking);
        if (ChosenHosts == 0 && Chosen > 0) ChooseAHost(asking, now);
        else if (ChosenHosts == Chosen && Chosen > 1 && !mustHave) ChooseAClient(asking, now);
        IsConcentrated = Chosen < candidates;
    }

    private void ChooseByNeed(List<LedgerEntry> asking, int wanted, TimeSpan now)
    {
        for (; Chosen < wanted; Chosen++) MostNeeding(asking, now)!.IsChosen = true;
        for (; Chosen > wanted; Chosen--) LeastNeeding(asking).IsChosen = false;
    }

    /// <summary>
    /// In the place of the budget's own silo another that has calls: were the silo to die with the connections and with the only one who knows of them, nobody could
    /// deal any for the whole reserve. Its calls take a hop more, so the other must have its part of them; and connections must not move for a call now and then.
    /// </summary>
    private void LeaveHome(List<LedgerEntry> asking, TimeSpan now)
    {
        if (asking.Find(entry => entry.IsChosen && string.Equals(entry.Holder, settings.Home, StringComparison.Ordinal)) is not { } home) return;
        var hosts = asking.Count(entry => !entry.IsClient && IsCandidate(entry, now));
        if (MostCalled(asking, now) is not { } other || other.Demand.Rate * hosts * UnevenAtMost < home.Demand.Rate) return;
        (home.IsChosen, other.IsChosen) = (false, true);
    }

    private LedgerEntry? MostCalled(List<LedgerEntry> asking, TimeSpan now) =>
        asking.Where(entry => !entry.IsChosen && !entry.IsClient && IsCandidate(entry, now)).MaxBy(entry => entry.Demand.Rate);

    /// <summary>In the place of the client that needs least; while connections stay where they are beside it, since those of the client cannot move.</summary>
    private void ChooseAHost(List<LedgerEntry> asking, TimeSpan now)
    {
        if (MostNeeding(asking, now, areClients: false) is not { } host) return;
        if (_mustHave) Chosen++;
        else LeastNeeding(asking).IsChosen = false;
        (host.IsChosen, ChosenHosts) = (true, 1);
    }

    /// <summary>In the place of the silo that needs least, if the client needs more: what it needs is what silos do for it.</summary>
    private void ChooseAClient(List<LedgerEntry> asking, TimeSpan now)
    {
        var least = LeastNeeding(asking);
        if (MostNeeding(asking, now, areClients: true) is not { } client || client.Need.Mean <= least.Need.Mean) return;
        (least.IsChosen, client.IsChosen, ChosenHosts) = (false, true, ChosenHosts - 1);
    }

    private static int CountHosts(List<LedgerEntry> asking)
    {
        var count = 0;
        foreach (var entry in asking) count += entry is { IsChosen: true, IsClient: false } ? 1 : 0;
        return count;
    }

    /// <summary>
    /// While connections stay where they are the choice goes by these, since permits are worth nothing without: as many as carry the permits, whoever was chosen
    /// before. One with many may be heard of last.
    /// </summary>
    private void ChooseByConnections(List<LedgerEntry> asking, int wanted, int permits, TimeSpan now)
    {
        var (chosen, carried) = (0, 0L);
        foreach (var entry in asking.Where(entry => IsCandidate(entry, now)).OrderByDescending(entry => (entry.Connections, entry.IsChosen, entry.Need.Mean)))
        {
            entry.IsChosen = chosen < wanted || carried < permits;
            if (!entry.IsChosen) continue;
            chosen++;
            carried += (long)entry.Connections * settings.CallsPerChannel;
        }

        Chosen = chosen;
    }

    private int Wanted(int permits)
    {
        double each = settings.LeastPermitsPerHolder;
        if (Chosen == 0 || permits < Chosen * each * Down) return (int)(permits / each);
        return Math.Max(Chosen, (int)(permits / (each * Up)));
    }

    /// <summary>Has calls, was heard of lately, and takes new ones: one that lost touch or shuts down is no good to forward to, although its share counts to its end.</summary>
    private bool IsCandidate(LedgerEntry entry, TimeSpan now) =>
        !entry.Demand.IsDraining && now - entry.ActiveAt < settings.IdleAfter && now - entry.GrantedAt < settings.TimeToLive / 3 && (!_mustHave || entry.Connections > 0);

    /// <summary>Of those not chosen, or of the clients or silos among them, the one that needs most; the first of equals.</summary>
    private LedgerEntry? MostNeeding(List<LedgerEntry> asking, TimeSpan now, bool? areClients = null)
    {
        LedgerEntry? most = null;
        foreach (var entry in asking)
        {
            if (entry.IsChosen || (areClients is { } wanted && entry.IsClient != wanted) || !IsCandidate(entry, now)) continue;
            if (most is null || entry.Need.Mean > most.Need.Mean) most = entry;
        }

        return most;
    }

    /// <summary>Of those chosen the one that needs least; the first of equals.</summary>
    private static LedgerEntry LeastNeeding(List<LedgerEntry> asking)
    {
        LedgerEntry? least = null;
        foreach (var entry in asking)
        {
            if (entry.IsChosen && (least is null || entry.Need.Mean < least.Need.Mean)) least = entry;
        }

        return least!;
    }
}
