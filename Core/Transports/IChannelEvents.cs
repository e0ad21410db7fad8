namespace OrleansPool.Core.Transports;

/// <summary>What a channel tells its owner. Called on the channel's own threads, outside its locks; must not block.</summary>
public interface IChannelEvents
{
    /// <summary>The peer changed how many calls it takes at once.</summary>
    void OnPeerLimitChanged();

    /// <summary>The peer takes no new calls; those in flight may finish.</summary>
    void OnGoingAway();

    /// <summary>The socket is closed. Comes once.</summary>
    void OnClosed();
}
