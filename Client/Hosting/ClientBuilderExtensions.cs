using System.Security.Cryptography;
using OrleansPool.Wire;

namespace OrleansPool.Client.Hosting;

/// <summary>How a client reaches a cluster whose silos have <c>OrleansPool:Cluster:TlsCertificateFile</c>.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Secures all connections to silos: only those of the CA are trusted, and this process shows a certificate of it. The files are read once.</summary>
    /// <param name="client">The cluster client that is built.</param>
    /// <param name="certificateFile">PEM file with this process's certificate.</param>
    /// <param name="keyFile">PEM file with its unencrypted private key.</param>
    /// <param name="caFile">PEM file with the cluster's CA.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    public static IClientBuilder UseOrleansPoolTls(this IClientBuilder client, string certificateFile, string keyFile, string caFile)
    {
        var certificates = new ClusterCertificates(certificateFile, keyFile, caFile);
        return client.UseTls(tls => ClusterTls.Apply(tls, certificates));
    }
}
