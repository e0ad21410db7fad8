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

    /// <summary>Connections that an authority before this one dealt it: taken as well until it shows that it has heard of this one, or the reserve is over.</summary>
    public int InheritedConnections { get; set; }

    /// <summary>Floor that an authority before this one dealt it: taken as well until it shows that it has heard of this one.</summary>
    public int InheritedFloor { get; set; }

    /// <summary>Floor that the store knows of: no more is dealt, since an authority to come must know all floors.</summary>
    public int RecordedFloor { get; set; }

    /// <summary>Floor that it should have.</summary>
    public int WantedFloor { get; private set; }

    /// <summary>Permits granted.</summary>
    public int Permits { get; set; }

    /// <summary>Permits it may go on using when its lease has ended.</summary>
    public int FloorPermits { get; set; }

    /// <summary>Epoch of the share it reported.</summary>
    public long Epoch { get; set; }

    /// <summary>Membership declared it dead, or it left.</summary>
    public bool IsDead { get; set; }

    /// <summary>Whether it is dealt permits by its need; when it is not although it has calls, it forwards them.</summary>
    public bool IsChosen { get; set; }

    /// <summary>Its last report.</summary>
    public HolderDemand Demand { get; set; }

    /// <summary>Its need of permits, smoothed.</summary>
    public DemandEstimate Need { get; } = new();

    /// <summary>Connections taken while its share may be in force.</summary>
    public int LeasedConnections => Math.Max(Math.Max(Connections, InheritedConnections), LastingFloor);

    /// <summary>Connections taken whatever time passes.</summary>
    public int LastingFloor => Math.Max(Floor, InheritedFloor);

    /// <summary>The permits that count as its own: what it was granted, and calls beyond that which have not ended yet.</summary>
    public int UsablePermits => Math.Max(Permits, Demand.InFlight);

    /// <summary>Floors follow by large steps only, since each costs a write to the store.</summary>
    public void WantFloor(int floor)
    {
        if (floor == 0 || floor * 2 < WantedFloor || floor * 4 > WantedFloor * 5) WantedFloor = floor;
    }
}
