namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>What one call is. Paths with the same kind of call are compared with each other.</summary>
internal enum CallKind
{
    /// <summary>A unary gRPC call.</summary>
    Grpc,

    /// <summary>A frame over TCP, and one back.</summary>
    Frame,

    /// <summary>A JSON-RPC request over TCP.</summary>
    JsonRpc,
}
