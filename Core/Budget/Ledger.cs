namespace OrleansPool.Core.Budget;

/// <summary>
/// Who has what of an endpoint's connections and permits, as far as this authority knows (docs/budget.md). It counts on the safe side: a holder's
/// connections are the greater of what was granted and what it reported, until a newer request shows less (rule count_held), and stay taken for
/// TTL + F when it falls silent (rule reserve). Not thread-safe.
/// </summary>
internal sealed class Ledger(BudgetSettings settings)
{
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, LedgerEntry> _byHolder = new(StringComparer.Ordinal);

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>Opens the entry for a request, or finds it. Null when the request is not newer than the last one processed (rule latest_only).</summary>
    public LedgerEntry? Admit(RenewRequest request)
    {
        var entry = Find(request.Holder);
        if (entry is null || entry.Generation < request.Generation) return Open(request.Holder, request.Generation);
        return entry.Generation == request.Generation && entry.Number < request.Number ? entry : null;
    }

    /// <summary>The entry of a holder; null when there is none.</summary>
    public LedgerEntry? Find(string holder) => _byHolder.GetValueOrDefault(holder);

    /// <summary>A new process at an address proves that the one before is gone, its sockets with it: nothing of the old entry is kept.</summary>
    public LedgerEntry Open(string holder, long generation)
    {
        if (_byHolder.Remove(holder, out var old)) _entries.Remove(old);
        var entry = new LedgerEntry(holder, generation);
        _byHolder.Add(holder, entry);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Whether its share can still be in force, or its sockets open although it is over.</summary>
    public bool IsReserved(LedgerEntry entry, TimeSpan now) => now - entry.GrantedAt < settings.Reserve;

    /// <summary>Whether its share can still be in force.</summary>
    public bool IsLeased(LedgerEntry entry, TimeSpan now) => !entry.IsDead && now - entry.GrantedAt < settings.TimeToLive;

    /// <summary>Connections that count as its own.</summary>
    public int ConnectionsTaken(LedgerEntry entry, TimeSpan now) => IsReserved(entry, now) ? entry.LeasedConnections : entry.LastingFloor;

    /// <summary>Permits that count as its own: no hard promise, so those of a dead holder are free at once.</summary>
    public int PermitsTaken(LedgerEntry entry, TimeSpan now) =>
        entry.IsDead || entry.IsSilent(now) ? 0 : IsLeased(entry, now) ? entry.UsablePermits : entry.FloorPermits;

    /// <summary>Connections taken by all but <paramref name="except"/>.</summary>
    public int ConnectionsTakenByOthers(LedgerEntry except, TimeSpan now)
    {
        var taken = 0;
        foreach (var entry in _entries) taken += entry == except ? 0 : ConnectionsTaken(entry, now);
        return taken;
    }

    /// <summary>Connections taken by those that came before <paramref name="entry"/>.</summary>
    public int ConnectionsBefore(LedgerEntry entry, TimeSpan now)
    {
        var taken = 0;
        foreach (var other in _entries)
        {
            if (other == entry) break;
            taken += ConnectionsTaken(other, now);
        }

        return taken;
    }

    /// <summary>Permits taken by all but <paramref name="except"/>.</summary>
    public int PermitsTakenByOthers(LedgerEntry except, TimeSpan now)
    {
        var taken = 0;
        foreach (var entry in _entries) taken += entry == except ? 0 : PermitsTaken(entry, now);
        return taken;
    }

    /// <summary>Drops entries that stand for nothing any more, apart from one that is about to.</summary>
    public void Sweep(TimeSpan now, LedgerEntry except)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            if (entry == except || IsReserved(entry, now) || entry.LastingFloor > 0) continue;
            _entries.RemoveAt(i);
            _byHolder.Remove(entry.Holder);
        }
    }
}
