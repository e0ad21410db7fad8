using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansPool.Wire;

/// <summary>
/// What a silo or a cluster client shows to the others, and whom it takes for one of them: whoever has a certificate that the cluster's own CA signed. Names in
/// certificates say nothing here: processes of a cluster know each other by addresses that come and go. Thread-safe.
/// </summary>
public sealed class ClusterCertificates : IDisposable
{
    private readonly X509Certificate2Collection _roots = [];

    /// <summary>Reads the files.</summary>
    /// <param name="certificateFile">PEM file with the certificate of this process.</param>
    /// <param name="keyFile">PEM file with its unencrypted private key.</param>
    /// <param name="caFile">PEM file with the CA's certificate, or several while one takes the place of another.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public ClusterCertificates(string certificateFile, string keyFile, string caFile)
    {
        _roots.ImportFromPemFile(caFile);
        if (_roots.Count == 0) throw new CryptographicException("the CA file holds no certificate");
        Own = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
    }

    /// <summary>The certificate of this process, with its key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Whether the one who shows this belongs to the cluster.</summary>
    /// <param name="shown">The certificate; null for none.</param>
    /// <param name="sent">What came with it, certificates in between among it.</param>
    public bool Accepts(X509Certificate2? shown, X509Chain? sent)
    {
        if (shown is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(between => between.Certificate).ToArray());
        return chain.Build(shown);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Own.Dispose();
        foreach (var root in _roots) root.Dispose();
    }
}
