namespace OrleansPool.Core.Pooling.Health;

/// <summary>What a check asks of an address.</summary>
public enum CheckKind
{
    /// <summary>That a connection opens, with TLS and the peer's first settings where there are any, and stays usable.</summary>
    Connect,

    /// <summary>A GET that is answered by a status from 200 to 399; for http1 and http2.</summary>
    Http,

    /// <summary><c>grpc.health.v1.Health/Check</c> that is answered by SERVING; for grpc.</summary>
    Grpc,

    /// <summary>A frame that is answered by a frame with an expected beginning; for tcp with a framing.</summary>
    Exchange,

    /// <summary>A call that is answered by a result; for jsonrpc.</summary>
    JsonRpc,
}
