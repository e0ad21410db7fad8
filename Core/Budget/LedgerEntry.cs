namespace OrleansPool.Core.Budget;

/// <summary>What the ledger knows of one holder.</summary>
internal sealed class LedgerEntry(string holder, long generation)
{
    public string Holder { get; } = holder;

    public long Generation { get; } = generation;

    /// <summary>Number of the last request that was processed.</summary>
    public long Number { get; set; }

    /// <summary>When it was last granted something; its connections stay taken for the reserve from here.</summary>
    public TimeSpan GrantedAt { get; set; }

    /// <summary>When it last had a call.</summary>
    public TimeSpan ActiveAt { get; set; }

    /// <summary>The greater of granted and reported connections (rule count_held).</summary>
    public int Connections { get; set; }

    /// <summary>The greater of granted and reported floor: taken until a newer request shows less, whatever time passes.</summary>
    public int Floor { get; set; }

    /// <summary>Permits granted.</summary>
    public int Permits { get; set; }

    /// <summary>Permits it may go on using when its lease has ended.</summary>
    public int FloorPermits { get; set; }

    /// <summary>Epoch of the share it reported.</summary>
    public long Epoch { get; set; }

    /// <summary>Membership declared it dead, or it left.</summary>
    public bool IsDead { get; set; }

    /// <summary>Its last report.</summary>
    public HolderDemand Demand { get; set; }

    /// <summary>Its need of permits, smoothed.</summary>
    public DemandEstimate Need { get; } = new();

    /// <summary>The permits that count as its own: what it was granted, and calls beyond that which have not ended yet.</summary>
    public int UsablePermits => Math.Max(Permits, Demand.InFlight);
}
