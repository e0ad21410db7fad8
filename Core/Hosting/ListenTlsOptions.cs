namespace OrleansPool.Core.Hosting;

/// <summary>TLS at an endpoint's own port.</summary>
public sealed class ListenTlsOptions
{
    /// <summary>PEM file with the certificate, its own first and then those between it and a root; then the port speaks TLS and nothing else. Default: none. Needs <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the certificate's unencrypted private key. Default: none. Needs <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }
}
