namespace OrleansPool.Core.Pooling.Health;

/// <summary>Whether an address gets calls.</summary>
public enum AddressPhase
{
    /// <summary>It does.</summary>
    Well,

    /// <summary>It does not, for a while.</summary>
    Ejected,

    /// <summary>It gets one call, which shows whether it gets more.</summary>
    Probing,
}
