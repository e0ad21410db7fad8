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

    /// <summary>Found unusable just before a call.</summary>
    Unusable,

    /// <summary>The pool is shutting down.</summary>
    Shutdown,
}
