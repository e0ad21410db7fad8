namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>Where a call is.</summary>
internal enum CallState
{
    /// <summary>Nowhere: the object is free.</summary>
    Free,

    /// <summary>On its way from one holder to another.</summary>
    Forwarded,

    /// <summary>Waits at a holder for a permit.</summary>
    Waiting,

    /// <summary>At the upstream.</summary>
    Sent,

    /// <summary>At the upstream still, but nobody waits for its answer.</summary>
    Abandoned,
}
