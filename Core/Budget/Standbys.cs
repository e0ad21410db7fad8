namespace OrleansPool.Core.Budget;

/// <summary>
/// Chooses the holders that stand by: each has one connection, although it has no calls or forwards them. When the silos that have the shares die together
/// with the authority, nobody deals anything new until the next one has learned; who stands by serves calls meanwhile, and is forwarded to. No client does: its calls go through the cluster then. Not thread-safe.
/// </summary>
internal sealed class Standbys
{
    /// <summary>Holders that have a connection, chosen ones and standbys together: more would make control traffic that saves nobody.</summary>
    public const int Enough = 8;

    /// <summary>The same where connections are scarce.</summary>
    private const int EnoughOfFew = 3;

    /// <summary>What stands by is missing where the calls are, so it is this part of the connections at most.</summary>
    private const int PartOfConnections = 4;

    /// <summary>Holders that stand by.</summary>
    public int Count { get; private set; }

    /// <summary>Marks those of <paramref name="asking"/> that stand by: who did before, then who came first.</summary>
    /// <param name="asking">All whose leases are in force.</param>
    /// <param name="chosenHosts">Holders that are dealt permits by their need, clients aside.</param>
    /// <param name="connections">To be divided.</param>
    /// <param name="areScarce">Whether the permits need more than half of the connections.</param>
    public void Choose(List<LedgerEntry> asking, int chosenHosts, int connections, bool areScarce)
    {
        var wanted = Math.Min((areScarce ? EnoughOfFew : Enough) - chosenHosts, connections / PartOfConnections);
        Count = 0;
        foreach (var entry in asking)
        {
            entry.StandsBy &= !entry.IsChosen && Count < wanted;
            if (entry.StandsBy) Count++;
        }

        foreach (var entry in asking)
        {
            if (Count >= wanted) break;
            if (entry.IsChosen || entry.StandsBy || entry.IsClient) continue;
            entry.StandsBy = true;
            Count++;
        }
    }
}
