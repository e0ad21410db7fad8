using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OrleansPool.Gateway.Admin;

namespace OrleansPool.Gateway.Listening;

/// <summary>The server's side of TLS, from PEM files that have been checked.</summary>
internal static class ServerTls
{
    /// <param name="certificateFile">Its certificate, and those between it and a root.</param>
    /// <param name="keyFile">Its private key.</param>
    /// <param name="clientCaFile">Whose client certificates are taken, from who has one; null asks nobody for one.</param>
    public static HttpsConnectionAdapterOptions From(string certificateFile, string keyFile, string? clientCaFile = null)
    {
        // All that the file holds: a caller knows the root of the chain, seldom what stands between.
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        var tls = new HttpsConnectionAdapterOptions { ServerCertificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile), ServerCertificateChain = chain };
        if (clientCaFile is null) return tls;
        var authorities = new ClientAuthorities(clientCaFile);
        tls.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        tls.ClientCertificateValidation = (certificate, _, _) => authorities.Accepts(certificate);
        return tls;
    }
}
