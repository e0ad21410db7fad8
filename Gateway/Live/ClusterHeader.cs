using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Live;

/// <summary>What holds for the whole cluster: sums over endpoints and hosts, response times of the last 5 to 10 s.</summary>
internal sealed record ClusterHeader
{
    /// <summary>A host that answered.</summary>
    internal sealed record Host(string Name, string State, string Version, DateTimeOffset Started);

    public required IReadOnlyList<Host> Hosts { get; init; }

    public required IReadOnlyList<SilentHost> Silent { get; init; }

    /// <summary>Processes that hold connections: hosts, and clients in local mode.</summary>
    public required int Holders { get; init; }

    public required int Clients { get; init; }

    public required double Calls { get; init; }

    public required double Failed { get; init; }

    public required double? P50 { get; init; }

    public required double? P95 { get; init; }

    public required double? P99 { get; init; }

    public required int InFlight { get; init; }

    public required int Limit { get; init; }

    public required int Connections { get; init; }

    public required int Cap { get; init; }

    public required int Waiting { get; init; }
}
