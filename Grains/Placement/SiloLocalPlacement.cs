namespace OrleansPool.Grains.Placement;

/// <summary>
/// One activation per silo and key, on the silo that the key names, or else where the call arrives: for a client, its gateway. No directory knows of it, so activating one asks nobody
/// and a silo's end disturbs no other. Unlike a stateless worker it is one ordinary activation, so cancellation finds it.
/// </summary>
[GenerateSerializer]
public sealed class SiloLocalPlacement : PlacementStrategy
{
    /// <summary>False: nothing is registered.</summary>
    public override bool IsUsingGrainDirectory => false;
}
