namespace OrleansPool.Core.Model;

/// <summary>Facts that follow from the protocol alone.</summary>
public static class ProtocolFacts
{
    /// <summary>True for HTTP of any version, gRPC included.</summary>
    public static bool IsHttp(this Protocol protocol) => protocol is Protocol.Grpc or Protocol.Http2 or Protocol.Http1;

    /// <summary>Its name in metrics and traces: <c>grpc</c>, <c>http</c>, <c>tcp</c>, <c>jsonrpc</c>.</summary>
    public static string SystemName(this Protocol protocol) => protocol switch
    {
        Protocol.Grpc => "grpc",
        Protocol.Tcp => "tcp",
        Protocol.JsonRpc => "jsonrpc",
        _ => "http",
    };

    /// <summary>True when one channel carries many calls at once.</summary>
    public static bool IsMultiplexed(this Protocol protocol) => protocol is Protocol.Grpc or Protocol.Http2 or Protocol.JsonRpc;
}
