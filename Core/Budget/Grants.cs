namespace OrleansPool.Core.Budget;

/// <summary>
/// What one holder is granted now: what it should have by the division, as far as the others leave room. What it has counts as its own: a share that shrinks may
/// always be granted, one that grows needs room beside all others. Not thread-safe.
/// </summary>
internal sealed class Grants(BudgetSettings settings, Ledger ledger, ShareDivision division)
{
    /// <summary>Permits and connections by need.</summary>
    /// <param name="entry">The holder's.</param>
    /// <param name="request">What it reports.</param>
    /// <param name="known">Connections that the ledger had as its own before this request. One that was under way for longer than the reserve reports what others may have by now.</param>
    /// <param name="limit">Permits for all together.</param>
    /// <param name="now">The authority's time.</param>
    public (int Permits, int Connections) Deal(LedgerEntry entry, RenewRequest request, int known, int limit, TimeSpan now)
    {
        (entry.Permits, entry.Connections, entry.Floor) = (request.HeldPermits, request.HeldConnections, request.Floor);
        var target = division.Of(entry, limit, now);
        var connections = Grant(target.Connections, Math.Min(known, request.HeldConnections), division.Cap - ledger.ConnectionsTakenByOthers(entry, now));
        var permits = Grant(target.Permits, entry.UsablePermits, PermitsLeft(entry, limit, now));
        return (Math.Min(permits, Carried(connections)), connections);
    }

    /// <summary>Permits by need, as far as its connections carry them: those of a silo that died are free, and the law can move the limit.</summary>
    public int DealPermits(LedgerEntry entry, RenewRequest request, int limit, TimeSpan now)
    {
        (entry.Permits, entry.Connections) = (request.HeldPermits, request.HeldConnections);
        var permits = Grant(division.PermitsOf(entry, limit, now), entry.UsablePermits, PermitsLeft(entry, limit, now));
        return Math.Min(permits, Carried(request.HeldConnections));
    }

    /// <summary>
    /// Permits as reported. One that has connections and no permits, because its lease ended or another was chosen, gets those that its connections carry,
    /// or they would lie idle.
    /// </summary>
    public int RepeatPermits(LedgerEntry entry, RenewRequest request, int limit, TimeSpan now) => request.HeldPermits > 0
        ? request.HeldPermits
        : Math.Min(Carried(request.HeldConnections), Math.Max(0, limit - ledger.PermitsTakenByOthers(entry, now)));

    /// <summary>Permits beyond the limit for one that stands by without calls: an even part of a quarter, used for as long as it takes to renew at most.</summary>
    public int StandbyPermits(LedgerEntry entry, int connections, int limit, TimeSpan now) =>
        entry.StandsBy && division.IsIdle(entry, now) ? Math.Max(0, Math.Min(Carried(connections), Math.Max(1, limit / 4 / Standbys.Enough)) - entry.Permits) : 0;

    /// <summary>Calls that so many connections carry at once.</summary>
    public int Carried(int connections) => (int)Math.Min(int.MaxValue, (long)connections * settings.CallsPerChannel);

    private int PermitsLeft(LedgerEntry entry, int limit, TimeSpan now) => (int)(limit * division.Overcommit) - ledger.PermitsTakenByOthers(entry, now);

    private static int Grant(int target, int held, int room) => Math.Min(target, Math.Max(held, room));
}
