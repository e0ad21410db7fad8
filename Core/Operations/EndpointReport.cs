using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Operations;

/// <summary>One endpoint on one host.</summary>
public sealed record EndpointReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it speaks upstream, in lower case.</summary>
    public required string Protocol { get; init; }

    /// <summary>Open connections without a call.</summary>
    public required int Idle { get; init; }

    /// <summary>Open connections with at least one call.</summary>
    public required int Busy { get; init; }

    /// <summary>Connections being opened.</summary>
    public required int Connecting { get; init; }

    /// <summary>Connections that take no new calls.</summary>
    public required int Draining { get; init; }

    /// <summary>Connections at most for the whole cluster: <c>Pool:Max</c>.</summary>
    public required int Cap { get; init; }

    /// <summary>Connections at most by this host's share.</summary>
    public required int Share { get; init; }

    /// <summary>Calls in flight.</summary>
    public required int InFlight { get; init; }

    /// <summary>Permits of this host: its share of the limit.</summary>
    public required int Permits { get; init; }

    /// <summary>Calls that wait.</summary>
    public required int Waiting { get; init; }

    /// <summary>How long the first of them has been waiting.</summary>
    public required TimeSpan OldestWait { get; init; }

    /// <summary>Its addresses, as a number.</summary>
    public int AddressesKnown { get; init; }

    /// <summary>Of these, those that get no calls now, or cannot be connected to.</summary>
    public int AddressesOut { get; init; }

    /// <summary>Calls per second of the last 5 s, those turned away included.</summary>
    public required double CallsPerSecond { get; init; }

    /// <summary>Of these, those that failed by whosever fault but their callers'.</summary>
    public required double FailedPerSecond { get; init; }

    /// <summary>Response times of the last 5 to 10 s.</summary>
    public required TimesReport Times { get; init; }

    /// <summary>What happened since the host started.</summary>
    public required TotalsReport Totals { get; init; }

    /// <summary>Its addresses (<see cref="ReportParts.Addresses"/>).</summary>
    public IReadOnlyList<AddressSnapshot> Addresses { get; init; } = [];

    /// <summary>Its connections (<see cref="ReportParts.Connections"/>).</summary>
    public IReadOnlyList<ChannelSnapshot> Connections { get; init; } = [];

    /// <summary>Its callers (<see cref="ReportParts.Callers"/>), those with the most calls first.</summary>
    public IReadOnlyList<CallerSnapshot> Callers { get; init; } = [];

    /// <summary>How calls went wrong (<see cref="ReportParts.Errors"/>), by stage.</summary>
    public IReadOnlyList<RecentError> Errors { get; init; } = [];

    /// <summary>Leases that are out too long (<see cref="ReportParts.Errors"/>).</summary>
    public IReadOnlyList<HeldLease> Leaks { get; init; } = [];

    /// <summary>The last 15 minutes (<see cref="ReportParts.History"/>), the oldest second first; seconds of which nothing is known are missing.</summary>
    public IReadOnlyList<HistoryPoint> History { get; init; } = [];

    /// <summary>The limit of the last 15 minutes in 60 steps (<see cref="ReportParts.Trail"/>), the oldest first; 0 where none is known. Empty where nobody called.</summary>
    public IReadOnlyList<int> LimitTrail { get; init; } = [];
}
