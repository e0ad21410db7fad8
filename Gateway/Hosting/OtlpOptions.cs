namespace OrleansPool.Gateway.Hosting;

/// <summary>Where metrics and traces are sent by OTLP, as the operator wrote it under <c>OrleansPool:Gateway:Otlp</c>.</summary>
public sealed class OtlpOptions
{
    /// <summary>URL of the collector, for gRPC <c>http://host:4317</c>, for HTTP <c>http://host:4318</c>. Default: nothing is sent.</summary>
    public string? Endpoint { get; set; }

    /// <summary>What the collector speaks there. Default gRPC.</summary>
    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.Grpc;

    /// <summary>How often metrics are sent. 1 s to 10 min, default 15 s.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether calls are traced, and their spans sent. Default true; false for a collector that takes metrics only.</summary>
    public bool Traces { get; set; } = true;

    /// <summary>
    /// Of the calls that come without a trace, the share that begins one. A call that comes with one is traced where its caller's is. 0 to 1, default 0.01.
    /// </summary>
    public double TraceRatio { get; set; } = 0.01;
}
