namespace OrleansPool.Gateway.Hosting;

/// <summary>How OTLP is spoken.</summary>
public enum OtlpProtocol
{
    /// <summary>Over gRPC.</summary>
    Grpc,

    /// <summary>Protobuf in HTTP requests, to <c>/v1/metrics</c> and <c>/v1/traces</c>.</summary>
    Http,
}
