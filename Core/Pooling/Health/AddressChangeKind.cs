namespace OrleansPool.Core.Pooling.Health;

/// <summary>What became of an address.</summary>
internal enum AddressChangeKind
{
    /// <summary>It gets no calls for a while.</summary>
    Ejected,

    /// <summary>It gets calls again.</summary>
    Back,

    /// <summary>None is well enough to be preferred: all get calls.</summary>
    PanicBegan,

    /// <summary>One is well again: the others are left out again.</summary>
    PanicEnded,
}
