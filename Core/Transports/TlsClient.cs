using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansPool.Core.Transports;

/// <summary>The caller's side of TLS for one endpoint: certificates are read once, then every connection uses them. Thread-safe.</summary>
public sealed class TlsClient
{
    private readonly TlsOptions _options;
    private readonly X509Certificate2Collection? _roots;
    private readonly SslStreamCertificateContext? _clientCertificate;

    /// <summary>Reads the files that <paramref name="options"/> names.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public TlsClient(TlsOptions options)
    {
        _options = options;
        if (options.CaFile is { } caFile)
        {
            _roots = [];
            _roots.ImportFromPemFile(caFile);
            if (_roots.Count == 0) throw new CryptographicException("The CA file holds no certificate.");
        }

        if (options.ClientCertificateFile is { } certificateFile)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            var leaf = X509Certificate2.CreateFromPemFile(certificateFile, options.ClientKeyFile);
            _clientCertificate = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
    }

    /// <summary>Secures <paramref name="plain"/>, which the returned stream then owns; <paramref name="protocol"/> is offered by ALPN, null for none.</summary>
    /// <exception cref="AuthenticationException">The peers do not agree, the certificate is not trusted, or the peer does not choose the protocol.</exception>
    public async ValueTask<SslStream> SecureAsync(Stream plain, string host, SslApplicationProtocol? protocol, CancellationToken cancellation)
    {
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        await secured.AuthenticateAsClientAsync(Parameters(host, protocol), cancellation).ConfigureAwait(false);
        if (protocol == SslApplicationProtocol.Http2 && secured.NegotiatedApplicationProtocol != protocol)
            throw new AuthenticationException("The upstream's TLS does not offer HTTP/2 (ALPN h2).");
        return secured;
    }

    private SslClientAuthenticationOptions Parameters(string host, SslApplicationProtocol? protocol)
    {
        var parameters = new SslClientAuthenticationOptions
        {
            TargetHost = _options.ServerName ?? host,
            ApplicationProtocols = protocol is { } name ? [name] : null,
            ClientCertificateContext = _clientCertificate,
        };
        if (_roots is not null)
        {
            parameters.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            parameters.CertificateChainPolicy.CustomTrustStore.AddRange(_roots);
        }

        return parameters;
    }
}
