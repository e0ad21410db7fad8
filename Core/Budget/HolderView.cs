namespace OrleansPool.Core.Budget;

/// <summary>One holder as its authority knows it.</summary>
public sealed record HolderView
{
    /// <summary>Its address.</summary>
    public required string Holder { get; init; }

    /// <summary>The process at that address.</summary>
    public required long Generation { get; init; }

    /// <summary>Permits that count as its own.</summary>
    public required int Permits { get; init; }

    /// <summary>Calls in flight, as it last reported.</summary>
    public required int InFlight { get; init; }

    /// <summary>Calls waiting, as it last reported.</summary>
    public required int Waiting { get; init; }

    /// <summary>Calls per second, as it last reported.</summary>
    public required double Rate { get; init; }

    /// <summary>Its mean need of permits.</summary>
    public required double Need { get; init; }

    /// <summary>Connections that count as its own.</summary>
    public required int Connections { get; init; }

    /// <summary>Connections it may keep when nobody grants.</summary>
    public required int Floor { get; init; }

    /// <summary>Time until its share ends unless it renews; zero when it has ended.</summary>
    public required TimeSpan TimeLeft { get; init; }

    /// <summary>Epoch of the share that it reported.</summary>
    public required long Epoch { get; init; }

    /// <summary>True for a client that holds connections itself.</summary>
    public bool IsClient { get; init; }

    /// <summary>Membership declared it dead, or it left; connections that still count are freed when its reserve ends.</summary>
    public required bool IsDead { get; init; }

    internal static HolderView Of(LedgerEntry entry, Ledger ledger, TimeSpan timeToLive, TimeSpan now) => new()
    {
        Holder = entry.Holder,
        Generation = entry.Generation,
        Permits = ledger.PermitsTaken(entry, now) + (ledger.IsLeased(entry, now) ? entry.StandbyPermits : 0),
        InFlight = entry.Demand.InFlight,
        Waiting = entry.Demand.Waiting,
        Rate = entry.Demand.Rate,
        Need = entry.Need.Mean,
        Connections = ledger.ConnectionsTaken(entry, now),
        Floor = entry.Floor,
        TimeLeft = ledger.IsLeased(entry, now) ? entry.GrantedAt + timeToLive - now : TimeSpan.Zero,
        Epoch = entry.Epoch,
        IsClient = entry.IsClient,
        IsDead = entry.IsDead,
    };
}
