using System.Runtime.InteropServices;

namespace OrleansPool.Core.Budget.Store;

/// <summary>Names one lease of one silo.</summary>
/// <param name="Silo">The silo's address.</param>
/// <param name="Incarnation">Which of its leases; 0 for none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LeaseKey(string Silo, long Incarnation);
