namespace OrleansPool.Core.Transports.Tcp;

/// <summary>What a caller of a TCP endpoint's listening port gets.</summary>
public enum TcpMode
{
    /// <summary>A connection of its own for as long as it stays: bytes pass as they come.</summary>
    Session,

    /// <summary>A reply to each frame it sends, over whichever connection is free.</summary>
    Framed,
}
