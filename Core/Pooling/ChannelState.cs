namespace OrleansPool.Core.Pooling;

/// <summary>What an open connection does, for people.</summary>
public enum ChannelState
{
    /// <summary>It waits for calls.</summary>
    Idle,

    /// <summary>It has at least one call.</summary>
    Busy,

    /// <summary>It takes no new calls, and closes with the last one.</summary>
    Draining,
}
