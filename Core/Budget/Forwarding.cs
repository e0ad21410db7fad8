namespace OrleansPool.Core.Budget;

/// <summary>
/// To whom a holder sends the calls for which it has no permit: others that have permits, those with most of them free first; who stands by only where nobody
/// else has any; never a client, which nobody can call. A holder forwards in turn. Not thread-safe.
/// </summary>
internal sealed class Forwarding(Ledger ledger, ShareDivision division)
{
    // Permits of holders that were dealt to by need differ by less, those of one that stood by and one that was chosen by more.
    private const int FarMore = 2;

    /// <summary>
    /// The receivers while connections follow the permits. One that stands by may have a few permits nevertheless, which others' connections do not carry: what
    /// goes beyond them is for the chosen.
    /// </summary>
    public string[] Of(LedgerEntry entry, TimeSpan now) => division.MustForward(entry, now) ? Names(Others(entry, now)) : [];

    /// <summary>
    /// The receivers while connections stay where they are, which need not be where the calls come in. Chosen ones can have very few then, and who got as many
    /// calls as the one with most would let them wait.
    /// </summary>
    public string[] WhileConnectionsStay(LedgerEntry entry, TimeSpan now) =>
        division.MustForward(entry, now) || entry.Permits + entry.StandbyPermits == 0 ? Names(Main(Others(entry, now))) : [];

    /// <summary>The receivers while permits are repeated, and it is not known yet who is to forward: those with far more than this one.</summary>
    public string[] WhileRepeated(LedgerEntry entry, TimeSpan now) =>
        Names(Main(Others(entry, now).FindAll(other => other.Permits > FarMore * (entry.Permits + entry.StandbyPermits))));

    private List<LedgerEntry> Others(LedgerEntry entry, TimeSpan now)
    {
        var others = ledger.Entries.Where(other => other != entry && !other.IsClient && other is { Permits: > 0, Demand.IsDraining: false } && ledger.IsLeased(other, now) && !other.IsSilent(now)).ToList();
        var chosen = others.FindAll(other => !other.StandsBy);
        return chosen.Count > 0 ? chosen : others;
    }

    private static List<LedgerEntry> Main(List<LedgerEntry> others)
    {
        var most = others.Count > 0 ? others.Max(other => other.Permits) : 0;
        return others.FindAll(other => other.Permits * FarMore > most);
    }

    private static string[] Names(List<LedgerEntry> others) =>
        [.. others.OrderByDescending(other => other.Permits - other.Demand.InFlight).Select(other => other.Holder)];
}
