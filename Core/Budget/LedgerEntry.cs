namespace OrleansPool.Core.Budget;

/// <summary>What the ledger knows of one holder.</summary>
internal sealed class LedgerEntry(string holder, long generation)
{
    // Two losses in a row are no silence yet where requests follow each other fast.
    private static readonly TimeSpan _shortestPeriod = TimeSpan.FromSeconds(1);

    public string Holder { get; } = holder;

    public long Generation { get; } = generation;

    /// <summary>Number of the last request that was processed.</summary>
    public long Number { get; set; }

    /// <summary>When it was last granted something; its connections stay taken for the reserve from here.</summary>
    public TimeSpan GrantedAt { get; set; }

    /// <summary>When it is to ask again at the latest.</summary>
    public TimeSpan RenewAfter { get; set; }

    /// <summary>How long its request before the last was under way until the answer was there.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>When it last had a call.</summary>
    public TimeSpan ActiveAt { get; set; } = -TimeSpan.FromDays(1);

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

    /// <summary>A client that holds connections itself: it gets no floor, does not stand by, and is not forwarded to.</summary>
    public bool IsClient { get; set; }

    /// <summary>Whether it is dealt permits by its need; when it is not although it has calls, it forwards them.</summary>
    public bool IsChosen { get; set; }

    /// <summary>Whether it keeps a connection although it gets nothing by need.</summary>
    public bool StandsBy { get; set; }

    /// <summary>Permits that it was dealt beyond the limit, so that its first calls need not wait; not counted, as nobody uses them.</summary>
    public int StandbyPermits { get; set; }

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

    /// <summary>
    /// Whether it misses its renewals: it stands still, or is cut off. What it uses of its permits is unknown then, and most likely nothing, so others get
    /// them; where it goes on using them, the law sees a queue and cuts the limit.
    /// </summary>
    public bool IsSilent(TimeSpan now) => now - GrantedAt > (RenewAfter > _shortestPeriod ? 2 * RenewAfter : 2 * _shortestPeriod) + (3 * RoundTrip);

    /// <summary>Floors follow by large steps only, since each costs a write to the store.</summary>
    public void WantFloor(int floor)
    {
        if (floor == 0 || floor * 2 < WantedFloor || floor * 4 > WantedFloor * 5) WantedFloor = floor;
    }
}
