using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansPool.Testing.Tls;

/// <summary>A certificate authority of the test's own, what it signed, and all of it as PEM files for as long as the test runs.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanspool-tls");
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddDays(-1);

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _authority = AuthorityRequest("CN=OrleansPool test authority", key).CreateSelfSigned(_from, _from.AddDays(10));
        CaFile = Write("ca.pem", _authority.ExportCertificatePem());
    }

    /// <summary>The authority's certificate.</summary>
    public string CaFile { get; }

    /// <summary>A server's certificate for host names and IP addresses.</summary>
    public X509Certificate2 Server(params string[] names) => Sign(_authority, $"CN={names[0]}", [ServerAuthentication], _from.AddDays(5), Alternatives(names));

    /// <summary>A server's certificate that an authority in between signed, and that authority's.</summary>
    public (X509Certificate2 Server, X509Certificate2 Intermediate) ServerBehindIntermediate(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = AuthorityRequest("CN=OrleansPool test intermediate", key).Create(_authority, _from, _from.AddDays(9), RandomNumberGenerator.GetBytes(8));
        var intermediate = signed.CopyWithPrivateKey(key);
        return (Sign(intermediate, $"CN={names[0]}", [ServerAuthentication], _from.AddDays(5), Alternatives(names)), intermediate);
    }

    /// <summary>A server's certificate whose time is over.</summary>
    public X509Certificate2 ExpiredServer(params string[] names) => Sign(_authority, $"CN={names[0]}", [ServerAuthentication], _from.AddHours(12), Alternatives(names));

    /// <summary>The certificate and key of one that is server and client, as two files.</summary>
    public (string CertificateFile, string KeyFile) Peer(string name)
    {
        using var certificate = Sign(_authority, $"CN={name}", [ServerAuthentication, ClientAuthentication], _from.AddDays(5));
        return Write(name, certificate);
    }

    /// <summary>A client's certificate and key, as two files.</summary>
    public (string CertificateFile, string KeyFile) Client(string name)
    {
        using var certificate = Sign(_authority, $"CN={name}", [ClientAuthentication], _from.AddDays(5));
        return Write(name, certificate);
    }

    private (string CertificateFile, string KeyFile) Write(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>A file with any text.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private static CertificateRequest AuthorityRequest(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private X509Certificate2 Sign(X509Certificate2 issuer, string subject, string[] purposes, DateTimeOffset until, params X509Extension[] extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(purpose => new Oid(purpose))], false));
        foreach (var extension in extensions) request.CertificateExtensions.Add(extension);
        using var signed = request.Create(issuer, _from, until, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Extension Alternatives(string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var ip)) alternatives.AddIpAddress(ip);
            else alternatives.AddDnsName(name);
        }

        return alternatives.Build();
    }
}
