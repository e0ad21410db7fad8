namespace OrleansPool.Gateway.Live;

/// <summary>One endpoint as the console's table shows it, over all hosts. Equal rows look the same, and are not sent again.</summary>
internal sealed record EndpointRow
{
    public required string Name { get; init; }

    public required string Protocol { get; init; }

    public required int Idle { get; init; }

    public required int Busy { get; init; }

    public required int Connecting { get; init; }

    public required int Draining { get; init; }

    /// <summary>Connections by the shares that are in force, of all hosts.</summary>
    public required int Share { get; init; }

    public required int Cap { get; init; }

    public required int InFlight { get; init; }

    /// <summary>Null while nobody holds the budget.</summary>
    public required int? Limit { get; init; }

    /// <summary>What the limit would be where it is only observed.</summary>
    public int? Observed { get; init; }

    /// <summary><c>paused</c> or <c>drained</c> where an operator holds calls back; else null.</summary>
    public string? Held { get; init; }

    public required string Mode { get; init; }

    public required string Why { get; init; }

    public required int Waiting { get; init; }

    public required double OldestWaitMs { get; init; }

    public required double Calls { get; init; }

    public required double Failed { get; init; }

    public required double? P50 { get; init; }

    public required double? P99 { get; init; }

    /// <summary>Of the addresses as the host sees them to which most are out.</summary>
    public required int AddressesOut { get; init; }

    public required int Addresses { get; init; }
}
