using System.Runtime.InteropServices;

namespace OrleansPool.Bench.Proof.Figures;

/// <summary>What a fault did to goodput.</summary>
/// <param name="Dip">The worst second's loss, as a share of the steady goodput.</param>
/// <param name="SecondsBelow">Seconds in which less than 95 % of it was reached.</param>
/// <param name="SecondsToRecover">From the fault until 95 % held for the rest of the phase; null when it did not.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Disturbance(double Dip, double SecondsBelow, double? SecondsToRecover);
