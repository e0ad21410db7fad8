using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansPool.Gateway.Admin;

/// <summary>Whose client certificates are accepted. Thread-safe.</summary>
internal sealed class ClientAuthorities
{
    private static readonly Oid _clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection _roots = [];

    /// <summary>Those of a PEM file.</summary>
    /// <exception cref="CryptographicException">It has none.</exception>
    public ClientAuthorities(string file)
    {
        _roots.ImportFromPemFile(file);
        if (_roots.Count == 0) throw new CryptographicException("there is no certificate in it");
    }

    /// <summary>Whether it is in force, for clients, and comes from one of them. Revocation is not looked up: an authority of one's own seldom has a place for that.</summary>
    public bool Accepts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(_clientAuthentication);
        return chain.Build(certificate);
    }
}
