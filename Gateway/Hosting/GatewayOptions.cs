namespace OrleansPool.Gateway.Hosting;

/// <summary>The ingress, as the operator wrote it under <c>OrleansPool:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Where to listen, <c>ip:port</c>. HTTP/1.1 and HTTP/2 share the port. Default 127.0.0.1:8080: this machine only.</summary>
    public string Listen { get; set; } = "127.0.0.1:8080";

    /// <summary>PEM file with the certificate for TLS, its own first and then those between it and a root; then the port speaks TLS and nothing else. Default: none. Needs <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the certificate's unencrypted private key. Default: none. Needs <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Calls at once on one HTTP/2 connection of a caller, and on one of a JSON-RPC caller. 1 to 100,000, default 1,000.</summary>
    public int MaxStreamsPerConnection { get; set; } = 1_000;

    /// <summary>
    /// Bytes of a request's body that a caller may send ahead of the upstream taking them, per call; a connection's bound is this times
    /// <see cref="MaxStreamsPerConnection"/>, so that calls waiting in a queue cannot hold up the others. 65,535 to 16,777,216, default 131,072.
    /// </summary>
    public int StreamWindowBytes { get; set; } = 128 * 1024;

    /// <summary>Connections of callers at once. 1 to 1,000,000; default: no limit.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Whether anything is measured. Default true; with false there is no <c>/metrics</c>, and nothing to be sent.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>Meters of this process that are measured with the pool's own, as <c>System.Runtime</c> or <c>Microsoft.Orleans</c>. Default: the runtime's and the server's.</summary>
    public string[] Meters { get; set; } = [];

    /// <summary>The host's own pages.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>Where metrics and traces are sent to.</summary>
    public OtlpOptions Otlp { get; set; } = new();
}
