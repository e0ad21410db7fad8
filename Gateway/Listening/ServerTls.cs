using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace OrleansPool.Gateway.Listening;

/// <summary>The server's side of TLS, from PEM files that have been checked.</summary>
internal static class ServerTls
{
    public static HttpsConnectionAdapterOptions From(string certificateFile, string keyFile)
    {
        // All that the file holds: a caller knows the root of the chain, seldom what stands between.
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return new HttpsConnectionAdapterOptions { ServerCertificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile), ServerCertificateChain = chain };
    }
}
