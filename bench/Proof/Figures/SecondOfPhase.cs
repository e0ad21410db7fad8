using System.Runtime.InteropServices;

namespace OrleansPool.Bench.Proof.Figures;

/// <summary>A second of a phase, for the JSON file.</summary>
/// <param name="Second">Since the phase began.</param>
/// <param name="Calls">Calls due in it.</param>
/// <param name="Good">Those answered well in time.</param>
/// <param name="Connections">The most that were open when looked at, every 10 ms.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SecondOfPhase(int Second, int Calls, int Good, int Connections);
