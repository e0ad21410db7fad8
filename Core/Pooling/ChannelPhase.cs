namespace OrleansPool.Core.Pooling;

/// <summary>A channel's life. It only moves down this list.</summary>
internal enum ChannelPhase
{
    /// <summary>Takes calls; idle or busy.</summary>
    Open,

    /// <summary>Takes no new calls; those in flight finish, then it closes.</summary>
    Draining,

    /// <summary>Being closed; still a connection as far as the upstream can see.</summary>
    Closing,

    /// <summary>Gone; no longer counted.</summary>
    Closed,
}
