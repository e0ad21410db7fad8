using System.Security.Authentication;
using Orleans.Connections.Security;

namespace OrleansPool.Wire;

/// <summary>TLS on the connections between silos and their clients: both ends show a certificate, and both look.</summary>
public static class ClusterTls
{
    // What a client asks for by SNI: it is sent, and nobody goes by it.
    private const string AnySilo = "orleanspool";

    /// <summary>Has connections secured by these certificates, and those of others refused.</summary>
    public static void Apply(TlsOptions tls, ClusterCertificates certificates)
    {
        tls.LocalCertificate = certificates.Own;
        tls.RemoteCertificateMode = tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (shown, sent, _) => certificates.Accepts(shown, sent);
        tls.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        tls.OnAuthenticateAsClient = static (_, client) => client.TargetHost = AnySilo;
    }
}
