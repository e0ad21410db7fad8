namespace OrleansPool.Core.Pooling;

/// <summary>Why the pool lost or closed a channel.</summary>
public enum CloseReason
{
    /// <summary>The peer closed it, or it broke.</summary>
    Lost,

    /// <summary>The peer announced that it takes no new calls.</summary>
    GoAway,

    /// <summary>Unused for the idle timeout.</summary>
    Idle,

    /// <summary>Reached its maximum lifetime.</summary>
    MaxLifetime,

    /// <summary>Carried its maximum number of calls.</summary>
    MaxUses,

    /// <summary>Its address is no longer among the endpoint's.</summary>
    AddressGone,

    /// <summary>Its address gets no calls for a while: it is worse than the others.</summary>
    Ejected,

    /// <summary>It made room for a channel to an address that has none and may be well again.</summary>
    MadeRoom,

    /// <summary>Found unusable just before a call.</summary>
    Unusable,

    /// <summary>HTTP/1.1: a call ended before its answer did, by its caller or its deadline; what is left of the answer cannot be told from the next one.</summary>
    CutShort,

    /// <summary>The share of connections became smaller, or the limit no longer needs so many.</summary>
    Shrink,

    /// <summary>The lease on it ended: closed at once, calls in flight or not.</summary>
    Severed,

    /// <summary>Idle when an operator told idle ones to close.</summary>
    Evicted,

    /// <summary>An operator wanted all connections replaced.</summary>
    Replaced,

    /// <summary>The pool is shutting down.</summary>
    Shutdown,
}
