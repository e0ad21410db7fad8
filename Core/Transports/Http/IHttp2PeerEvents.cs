namespace OrleansPool.Core.Transports.Http;

/// <summary>What an HTTP/2 peer announces about its connection.</summary>
internal interface IHttp2PeerEvents
{
    /// <summary>A SETTINGS frame that is no acknowledgement.</summary>
    void OnSettings(Http2Settings settings);

    /// <summary>A RST_STREAM frame.</summary>
    void OnReset(uint errorCode);

    /// <summary>A GOAWAY frame.</summary>
    void OnGoAway(uint errorCode);
}
