namespace OrleansPool.Core.Budget;

/// <summary>
/// Deals floors: connections, and permits for them, that a holder may keep when its lease has ended and nobody grants. All together are half of the cap, so
/// that the other half can still go where it is needed. A floor outlives the authority that dealt it, so none is dealt of which the store does not know.
/// Not thread-safe.
/// </summary>
internal sealed class Floors(BudgetSettings settings, Ledger ledger, ShareDivision division, bool mustRecord)
{
    /// <summary>
    /// The floor to grant with a share; less than before may always be granted. None for a client: that of one that died would stay taken for good, since nobody
    /// comes after it under its name.
    /// </summary>
    public int Of(LedgerEntry entry, RenewRequest request, int connections)
    {
        if (entry.IsClient) return 0;
        entry.WantFloor(entry.StandsBy ? connections : Math.Min(connections, Even((division.Cap / 2) - division.StandingBy, division.ChosenHosts)));
        var known = mustRecord ? Math.Max(entry.RecordedFloor, request.Floor) : int.MaxValue;
        return Math.Min(connections, Math.Min(entry.WantedFloor, known));
    }

    /// <summary>
    /// Permits that go with a floor: those of all together are the limit, as far as floors carry it. Those who stand by have their part in case the chosen die,
    /// and forward what goes beyond it.
    /// </summary>
    public int PermitsOf(LedgerEntry entry, int floor, int limit)
    {
        var even = Math.Min(settings.CallsPerChannel, Even(limit, division.ChosenHosts + division.StandingBy));
        var most = entry.StandsBy ? even : Even(limit - (even * division.StandingBy), division.ChosenHosts);
        return (int)Math.Min((long)floor * settings.CallsPerChannel, most);
    }

    /// <summary>
    /// What an authority to come must know: the floors that holders have or are to get, and for a handover their shares. From here on no floor is dealt
    /// beyond these, since the write may take place even when it seems to fail.
    /// </summary>
    public IReadOnlyList<HolderRecord> Records(TimeSpan now)
    {
        var records = new List<HolderRecord>();
        foreach (var entry in ledger.Entries)
        {
            var floor = Math.Max(entry.LastingFloor, entry.WantedFloor);
            entry.RecordedFloor = Math.Min(entry.RecordedFloor, floor);
            if (floor > 0 || ledger.ConnectionsTaken(entry, now) > 0) records.Add(new(entry.Holder, entry.Generation, ledger.ConnectionsTaken(entry, now), floor, entry.IsClient));
        }

        return records;
    }

    /// <summary>Whether the store should be told anew: a holder is to get a floor that it does not know of.</summary>
    public bool AreUnrecorded => mustRecord && ledger.Entries.Any(entry => Math.Max(entry.LastingFloor, entry.WantedFloor) != entry.RecordedFloor);

    /// <summary>The store has these records.</summary>
    public void Recorded(IReadOnlyList<HolderRecord> records)
    {
        foreach (var record in records)
        {
            if (ledger.Find(record.Holder) is { } entry && entry.Generation == record.Generation) entry.RecordedFloor = record.Floor;
        }
    }

    private static int Even(int total, int among) => Math.Max(1, total / Math.Max(1, among));
}
