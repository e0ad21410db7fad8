using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Routing;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>Who may tell a pool something: whoever is known, through one gate before every page that is no mere look.</summary>
public sealed class AdminGateTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private readonly LogLines _log = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task EveryPage_ThatIsNoMereLook_IsBehindTheGate_AndTakesNoGet()
    {
        await using var host = await AdminHost.StartWithKeyAsync(_upstream.Address);
        using var client = Callers.Http1(host.Address);
        var writes = host.Routes.Where(route => Methods(route).Any(method => method is not ("GET" or "HEAD"))).ToList();
        Assert.True(writes.Count >= 9, $"{writes.Count} pages that tell something");
        foreach (var route in writes)
        {
            var path = route.RoutePattern.RawText!.Replace("{endpoint}", "billing", StringComparison.Ordinal);
            foreach (var key in new[] { null, "", "0123456789abcdef-canarx", AdminHost.Key + "x" })
            {
                using var refused = await client.TellAsync(path, key, name: "mallory");
                Assert.True(refused.StatusCode == HttpStatusCode.Unauthorized, $"{path} let somebody in with the key {key}: {refused.StatusCode}");
            }

            using var got = await client.GetAsync(path);
            Assert.True(got.StatusCode == HttpStatusCode.MethodNotAllowed, $"GET {path}: {got.StatusCode}");
        }

        Assert.False(host.Pool("billing").IsPaused);
    }

    [Fact]
    public async Task Host_WhereNothingCanBeTold_HasNoSuchPage()
    {
        await using var host = await AdminHost.StartAsync(_upstream.Address);
        using var client = Callers.Http1(host.Address);
        Assert.DoesNotContain(host.Routes, route => Methods(route).Any(method => method is not ("GET" or "HEAD")));
        using var response = await client.TellAsync("/admin/endpoints/billing/pause");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("Production", "Admin:Write", "true", "who may write must be known")]
    [InlineData("Production", "Admin:Key", "short", "a key has 16 characters or more")]
    [InlineData("Production", "Admin:KeyFile", "/nowhere/key", "the file cannot be read")]
    [InlineData("Production", "Admin:ClientCaFile", "/nowhere/ca.pem", "client certificates need")]
    [InlineData("Production", "Admin:Listen", "8081", "ip:port is expected")]
    public async Task Start_WithoutSayingWhoMayWrite_OrWithWhatCannotBe_IsRefused(string environment, string key, string value, string why)
    {
        var refusal = await Assert.ThrowsAsync<InvalidConfigurationException>(() => AdminHost.StartAsync(_upstream.Address, environment: environment, settings: [(key, value)]));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_NeedsNoKey_ButAHeaderThatNoForeignSiteCanSend()
    {
        await using var host = await AdminHost.StartAsync(_upstream.Address, environment: "Development", settings: [("Admin:Write", "true")]);
        using var client = Callers.Http1(host.Address);
        using var form = await client.PostAsync("/admin/endpoints/billing/pause", new FormUrlEncodedContent([new("value", "1")]));
        Assert.Equal(HttpStatusCode.Unauthorized, form.StatusCode);
        using var told = await client.TellAsync("/admin/endpoints/billing/pause", key: null, name: "alice");
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
    }

    [Fact]
    public async Task Audit_SaysWhoToldWhat_AndNeverTheKey()
    {
        await using var host = await AdminHost.StartWithKeyAsync(_upstream.Address, _log);
        using var client = Callers.Http1(host.Address);
        (await client.TellAsync("/admin/endpoints/billing/limit?value=40", name: "alice\"; rm")).Dispose();
        (await client.TellAsync("/admin/endpoints/billing/pause", key: AdminHost.Key + "x")).Dispose();
        Assert.Equal("alice???rm told billing: limit value=40 keep=False; outcome: InForce", Assert.Single(_log.Lines, line => line.Event == EventIds.OperatorTold).Text);
        Assert.Single(_log.Lines, line => line.Event == EventIds.OperatorRefused);
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains(AdminHost.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(AdminHost.Key, await client.GetStringAsync("/admin/config"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnPort_HasThePages_AndNoCalls_AndTheOtherHasNone()
    {
        await using var host = await AdminHost.StartAsync(_upstream.Address, settings: [("Admin:Listen", "127.0.0.1:0"), ("Admin:Write", "true"), ("Admin:Key", AdminHost.Key)]);
        using var callers = Callers.Http1(host.Address);
        using var own = Callers.Http1(new Uri($"http://{host.Port(0)}"));
        using var hidden = await callers.GetAsync("/admin/pools");
        using var refused = await callers.TellAsync("/admin/endpoints/billing/pause");
        using var shown = await own.GetAsync("/admin/pools");
        using var told = await own.TellAsync("/admin/endpoints/billing/pause");
        using var call = await own.GetAsync("/e/billing/");
        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound),
            (hidden.StatusCode, refused.StatusCode, shown.StatusCode, told.StatusCode, call.StatusCode));
    }

    [Theory]
    [InlineData(true, "alice", HttpStatusCode.OK)]
    [InlineData(true, null, HttpStatusCode.Unauthorized)]
    [InlineData(false, "alice", HttpStatusCode.Unauthorized)]
    public async Task ClientCertificate_OfTheRightAuthority_LetsItsOwnerIn_WhoSaysTheName(bool hasCertificate, string? name, HttpStatusCode expected)
    {
        using var certificates = new TestCertificates();
        await using var host = await StartWithCertificatesAsync(certificates, certificates.CaFile);
        using var client = Client(host, certificates, hasCertificate ? certificates.Client("alice") : null);
        using var response = await client.TellAsync("/admin/endpoints/billing/pause", key: null, name);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task ClientCertificate_OfAnotherAuthority_IsRefusedWithTheConnection()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var host = await StartWithCertificatesAsync(certificates, certificates.CaFile);
        using var client = Client(host, certificates, others.Client("mallory"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.TellAsync("/admin/endpoints/billing/pause", key: null, "mallory"));
    }

    private async Task<GatewayHost> StartWithCertificatesAsync(TestCertificates certificates, string authorities)
    {
        using var server = certificates.Server("127.0.0.1");
        using var key = server.GetECDsaPrivateKey()!;
        return await AdminHost.StartAsync(_upstream.Address, settings:
        [
            ("CertificateFile", certificates.Write("server.pem", server.ExportCertificatePem())), ("KeyFile", certificates.Write("server.key", key.ExportPkcs8PrivateKeyPem())),
            ("Admin:Listen", "127.0.0.1:0"), ("Admin:Write", "true"), ("Admin:ClientCaFile", authorities),
        ]);
    }

    private static HttpClient Client(GatewayHost host, TestCertificates certificates, (string CertificateFile, string KeyFile)? certificate)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(certificates.CaFile);
        if (certificate is { } files) handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile)];

        return new HttpClient(handler) { BaseAddress = new Uri($"https://{host.LastPort}") };
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["(any)"];
}
