namespace OrleansPool.Core.Model;

/// <summary>Facts that follow from the protocol alone.</summary>
public static class ProtocolFacts
{
    /// <summary>True for HTTP of any version, gRPC included.</summary>
    public static bool IsHttp(this Protocol protocol) => protocol is Protocol.Grpc or Protocol.Http2 or Protocol.Http1;

    /// <summary>True when one channel carries many calls at once.</summary>
    public static bool IsMultiplexed(this Protocol protocol) => protocol is Protocol.Grpc or Protocol.Http2 or Protocol.JsonRpc;
}
