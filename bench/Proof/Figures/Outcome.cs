using System.Runtime.InteropServices;

namespace OrleansPool.Bench.Proof.Figures;

/// <summary>What became of a call.</summary>
/// <param name="Due">When it was to be made, in seconds since the load began.</param>
/// <param name="ResponseTime">From then to its answer.</param>
/// <param name="Error">Null for a good answer in time; else the pool's code, or what the caller saw.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Outcome(double Due, TimeSpan ResponseTime, string? Error);
