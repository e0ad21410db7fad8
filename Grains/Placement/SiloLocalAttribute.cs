using Orleans.Placement;

namespace OrleansPool.Grains.Placement;

/// <summary>Places a grain by <see cref="SiloLocalPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloLocalAttribute() : PlacementAttribute(new SiloLocalPlacement());
