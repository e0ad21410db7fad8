using System.Runtime.InteropServices;

namespace OrleansPool.Core.Budget;

/// <summary>What a holder needs now.</summary>
/// <param name="InFlight">Calls in flight.</param>
/// <param name="Waiting">Calls waiting for a permit or a channel.</param>
/// <param name="Rate">Calls that arrived per second lately, refused ones included.</param>
/// <param name="MinConnections">Connections it is to keep open when nobody calls.</param>
/// <param name="Cap">Connections at most over all holders, as its own configuration has it; 0 where it tells none.</param>
/// <param name="IsDraining">Whether it is shutting down: it finishes the calls that it has, and takes no new ones.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HolderDemand(int InFlight, int Waiting, double Rate, int MinConnections, int Cap = 0, bool IsDraining = false)
{
    /// <summary>A rate below one call in a minute is none: a smoothed rate never falls to zero.</summary>
    private const double LeastRate = 1.0 / 60;

    /// <summary>True when there are no calls, and were none lately.</summary>
    public bool IsNone => InFlight == 0 && Waiting == 0 && Rate < LeastRate;
}
