namespace OrleansPool.Core.Transports;

/// <summary>TLS to the upstream. The certificate is checked against the system's roots, or against a CA file of one's own.</summary>
public sealed class TlsOptions
{
    /// <summary>Use TLS. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Name sent as SNI and expected in the certificate. Default: the host of the address.</summary>
    public string? ServerName { get; set; }

    /// <summary>PEM file with the CA certificates to trust instead of the system's roots. Default: the system's roots.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file with the client certificate and its intermediates. Default: none. Needs <see cref="ClientKeyFile"/>.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>PEM file with the client certificate's unencrypted private key. Default: none. Needs <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; set; }
}
