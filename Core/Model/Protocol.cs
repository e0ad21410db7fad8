namespace OrleansPool.Core.Model;

/// <summary>What an endpoint speaks upstream.</summary>
public enum Protocol
{
    /// <summary>gRPC over HTTP/2: many calls on one channel; deadlines, status and push-back are read from gRPC's own headers and trailers.</summary>
    Grpc,

    /// <summary>Plain HTTP/2: many calls on one channel.</summary>
    Http2,

    /// <summary>HTTP/1.1: one call at a time on a channel.</summary>
    Http1,

    /// <summary>Any protocol over TCP: whole frames exchanged one by one, or a connection for a caller's session.</summary>
    Tcp,

    /// <summary>JSON-RPC 2.0 over TCP: many calls on one channel.</summary>
    JsonRpc,
}
