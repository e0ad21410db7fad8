namespace OrleansPool.Core.Transports.Http;

/// <summary>What passes on a connection, told to the channel before the HTTP handler sees it.</summary>
internal interface IChannelTraffic
{
    /// <summary>Bytes arrived; none means that the peer has ended its side.</summary>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>Bytes are about to be written.</summary>
    void OnSending(int count);

    /// <summary>The handler has let go of the connection, and it is closed.</summary>
    void OnDisposed();
}
