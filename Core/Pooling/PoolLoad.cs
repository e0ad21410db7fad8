using System.Runtime.InteropServices;

namespace OrleansPool.Core.Pooling;

/// <summary>What calls ask of a pool right now.</summary>
/// <param name="InFlight">Calls in flight.</param>
/// <param name="Waiting">Calls that wait for a permit or a channel.</param>
/// <param name="Rate">Calls that arrived per second lately, refused ones included.</param>
/// <param name="Min">Channels to keep open when nobody calls.</param>
/// <param name="Max">Connections at most, whatever the share.</param>
/// <param name="IsDraining">Whether it takes no new calls.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PoolLoad(int InFlight, int Waiting, double Rate, int Min, int Max, bool IsDraining = false);
