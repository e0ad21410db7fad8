namespace OrleansPool.Gateway.Hosting;

/// <summary>Where metrics are sent by OTLP, as the operator wrote it under <c>OrleansPool:Gateway:Otlp</c>.</summary>
public sealed class OtlpOptions
{
    /// <summary>URL of the collector, for gRPC <c>http://host:4317</c>, for HTTP <c>http://host:4318</c>. Default: nothing is sent.</summary>
    public string? Endpoint { get; set; }

    /// <summary>What the collector speaks there. Default gRPC.</summary>
    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.Grpc;

    /// <summary>How often metrics are sent. 1 s to 10 min, default 15 s.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(15);
}
