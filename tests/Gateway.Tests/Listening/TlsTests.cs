using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Gateway.Tests.Listening;

/// <summary>TLS on the way in: certificate and key are all it takes, and then nothing is served without it.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    public async Task Certificate_Set_ServesEitherVersion(string version)
    {
        var (certificate, key, thumbprint) = NewCertificate("server");
        await using var upstream = await WebUpstream.StartAsync(context => context.Response.WriteAsync("hello"));
        await using var host = await StartAsync(certificate, key, ("hello:Protocol", "http1"), ("hello:Addresses:0", upstream.Http1));
        Assert.Equal("https", host.Address.Scheme);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint;
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/e/hello/"))
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request, CancellationToken.None).InTime("an answer");
        Assert.Equal(("hello", version), (await response.Content.ReadAsStringAsync(), response.Version.ToString(2)));
    }

    [Fact]
    public async Task Certificate_Set_ItsEndIsAMetric()
    {
        var (certificate, key, thumbprint) = NewCertificate("server");
        await using var host = await StartAsync(certificate, key);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint;
        using var client = new HttpClient(handler);
        var metrics = await client.GetStringAsync(new Uri(host.Address, "/metrics"));
        using var served = X509CertificateLoader.LoadCertificateFromFile(certificate);
        var end = new DateTimeOffset(served.NotAfter.ToUniversalTime()).ToUnixTimeSeconds();
        Assert.Contains($"orleanspool_certificate_expiry_timestamp_seconds{{orleanspool_certificate=\"gateway\"}} {end}\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_OfferingBothVersions_GetsHttp2()
    {
        var (certificate, key, thumbprint) = NewCertificate("server");
        await using var host = await StartAsync(certificate, key);
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown?.GetCertHashString() == thumbprint);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http11, SslApplicationProtocol.Http2],
        }).InTime("the handshake");
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task Certificate_WithItsIntermediate_SendsBoth()
    {
        var (server, intermediate) = _certificates.ServerBehindIntermediate("localhost");
        using var serverKey = server.GetECDsaPrivateKey()!;
        var file = _certificates.Write("chain.pem", $"{server.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}");
        await using var host = await StartAsync(file, _certificates.Write("chain.key", serverKey.ExportPkcs8PrivateKeyPem()));
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        List<string> sent = [];
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, chain, _) =>
        {
            sent.AddRange(chain!.ChainPolicy.ExtraStore.Append(shown!).Select(certificate => certificate.Subject));
            return true;
        });
        await tls.AuthenticateAsClientAsync("localhost").InTime("the handshake");
        Assert.Equal([server.Subject, intermediate.Subject], sent.Distinct().OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Caller_WithoutTls_IsNotServed()
    {
        var (certificate, key, _) = NewCertificate("server");
        await using var host = await StartAsync(certificate, key);
        using var caller = await RawCaller.ConnectAsync(host.Address);
        await caller.SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.DoesNotContain("alive", await caller.ReadToCloseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public Task Certificate_NotThere_StopsTheStartWithKeyAndValue() =>
        RefusedAsync("/no/such.pem", "/no/such.key", "OrleansPool:Gateway:CertificateFile = \"/no/such.pem\": the PEM files cannot be used: ");

    [Fact]
    public Task Certificate_ThatIsNone_StopsTheStartWithKeyAndValue()
    {
        var file = _certificates.Write("none.pem", "not a certificate");
        return RefusedAsync(file, file, $"OrleansPool:Gateway:CertificateFile = \"{file}\": the PEM files cannot be used: ");
    }

    [Fact]
    public Task Key_OfAnotherCertificate_StopsTheStartWithKeyAndValue()
    {
        var (certificate, other) = (NewCertificate("one").Certificate, NewCertificate("two").Key);
        return RefusedAsync(certificate, other, $"OrleansPool:Gateway:CertificateFile = \"{certificate}\": the PEM files cannot be used: ");
    }

    [Fact]
    public Task Certificate_WithoutAKey_StopsTheStart() =>
        RefusedAsync(NewCertificate("alone").Certificate, null, "OrleansPool:Gateway:KeyFile = (nothing): CertificateFile and KeyFile are set together or not at all.");

    private static async Task RefusedAsync(string certificate, string? key, string message)
    {
        var refused = await Assert.ThrowsAsync<InvalidConfigurationException>(() => StartAsync(certificate, key));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(string certificate, string? key, params (string Key, string Value)[] endpoints)
    {
        Dictionary<string, string?> settings = new() { ["OrleansPool:Gateway:CertificateFile"] = certificate };
        if (key is not null) settings["OrleansPool:Gateway:KeyFile"] = key;
        return GatewayHost.StartAsync(builder => builder.Configuration.AddInMemoryCollection(settings), endpoints);
    }

    private (string Certificate, string Key, string Thumbprint) NewCertificate(string name)
    {
        using var certificate = _certificates.Server("localhost", "127.0.0.1");
        using var key = certificate.GetECDsaPrivateKey()!;
        return (_certificates.Write($"{name}.pem", certificate.ExportCertificatePem()), _certificates.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()), certificate.Thumbprint);
    }
}
