namespace OrleansPool.Core.Budget.Store;

/// <summary>A silo's lease in the store: it holds while the counter goes up.</summary>
/// <param name="Silo">The silo's address; the same after a restart.</param>
/// <param name="Incarnation">Grows with each lease that begins at that address.</param>
/// <param name="Counter">Grows with each renewal.</param>
/// <param name="IsOver">True when the lease was fenced by another silo or given back: it is never renewed again.</param>
/// <param name="Duration">How long a renewal holds (D).</param>
public sealed record SiloRow(string Silo, long Incarnation, long Counter, bool IsOver, TimeSpan Duration);
