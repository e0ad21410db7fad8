using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>TLS to the upstream: whom it trusts, what it asks for, and what it says when that fails.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string Host = "billing.test";

    private readonly TestCertificates _certificates = new();
    private readonly Http2Upstream _upstream = Http2Upstream.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Certificate_OfTheOwnAuthority_IsAccepted()
    {
        await using var front = Front(_certificates.Server(Host));
        await using var test = await StartAsync(front);
        await AnswerOneAsync(test);
        Assert.Equal((1, 0), (front.Accepted, test.Endpoint.Snapshot().InFlight));
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsRefused()
    {
        using var others = new TestCertificates();
        await using var front = Front(others.Server(Host));
        await RefusesAsync(front, "certificate chain");
    }

    [Fact]
    public async Task Certificate_OfAnAuthorityTheSystemDoesNotKnow_IsRefused()
    {
        await using var front = Front(_certificates.Server(Host));
        await RefusesAsync(front, "certificate chain", o => o.Tls.CaFile = null);
    }

    [Fact]
    public async Task Certificate_OfAnotherName_IsRefused()
    {
        await using var front = Front(_certificates.Server("shipping.test"));
        await RefusesAsync(front, "NameMismatch");
    }

    [Fact]
    public async Task Certificate_Expired_IsRefused()
    {
        await using var front = Front(_certificates.ExpiredServer(Host));
        await RefusesAsync(front, "NotTimeValid");
    }

    [Fact]
    public async Task Certificate_MeantForClients_IsRefused()
    {
        var (certificate, key) = _certificates.Client(Host);
        await using var front = Front(X509Certificate2.CreateFromPemFile(certificate, key));
        await RefusesAsync(front, "NotValidForUsage");
    }

    [Theory]
    [InlineData(null, Host)]
    [InlineData("inside.test", "inside.test")]
    public async Task ServerName_IsSentAsSni_AndExpectedInTheCertificate(string? configured, string expected)
    {
        await using var front = Front(_certificates.Server(expected));
        await using var test = await StartAsync(front, o => (o.Tls.ServerName, o.Authority) = (configured, "elsewhere.test"));
        await AnswerOneAsync(test);
        Assert.Equal([expected], front.Names);
    }

    [Fact]
    public async Task ServerName_NotInTheCertificate_IsRefusedThoughTheHostIs()
    {
        await using var front = Front(_certificates.Server(Host));
        await RefusesAsync(front, "NameMismatch", o => o.Tls.ServerName = "inside.test");
    }

    [Fact]
    public async Task Address_WithoutAName_IsExpectedInTheCertificate_AndSendsNoSni()
    {
        await using var front = Front(_certificates.Server("127.0.0.1"));
        await using var test = await StartAsync(front, o => o.Addresses = [$"127.0.0.1:{front.Port}"]);
        await AnswerOneAsync(test);
        Assert.Equal([""], front.Names);
    }

    [Fact]
    public async Task ClientCertificate_Configured_IsPresented()
    {
        await using var front = TlsFront.StartAskingForCertificates(_upstream.Address, _certificates.Server(Host), SslApplicationProtocol.Http2);
        var (certificate, key) = _certificates.Client("orders");
        await using var test = await StartAsync(front, o => (o.Tls.ClientCertificateFile, o.Tls.ClientKeyFile) = (certificate, key));
        await AnswerOneAsync(test);
        Assert.Equal(["CN=orders"], front.Clients);
    }

    [Fact]
    public async Task ClientCertificate_MissingWhereTheUpstreamAsksForOne_NoChannelOpens()
    {
        await using var front = TlsFront.StartAskingForCertificates(_upstream.Address, _certificates.Server(Host), SslApplicationProtocol.Http2);
        await using var test = await StartAsync(front);

        // TLS 1.3: the client's side of the handshake is over before the server has judged the client.
        var failure = await test.CallAsync().Failed(FailureCode.HandshakeFailed);
        Assert.Equal((Stage.Connect, Party.Upstream, true), (failure.Stage, failure.Party, failure.IsRetryable));
        Assert.Equal(0, test.Endpoint.Snapshot().Connections);
    }

    [Theory]
    [InlineData(true, "application protocol")]
    [InlineData(false, "ALPN h2")]
    public async Task Peer_ThatDoesNotAgreeToHttp2_IsRefused(bool offersHttp11, string reason)
    {
        await using var front = TlsFront.Start(_upstream.Address, _certificates.Server(Host), offersHttp11 ? [SslApplicationProtocol.Http11] : []);
        await RefusesAsync(front, reason);
    }

    [Fact]
    public async Task Peer_ThatSpeaksNoTls_IsRefused()
    {
        await using var test = await StartAsync(int.Parse(_upstream.Address.Split(':')[1]));
        await test.CallAsync().Failed(FailureCode.TlsFailed);
        Assert.Equal(0, test.Endpoint.Snapshot().Connections);
    }

    [Fact]
    public async Task Peer_ThatExpectsTls_SpokenToInPlainText_FailsTheHandshake()
    {
        await using var front = Front(_certificates.Server(Host));
        await using var test = await StartAsync(front, o => o.Tls = new());
        await test.CallAsync().Failed(FailureCode.HandshakeFailed);
    }

    [Fact]
    public async Task Peer_ThatFallsSilentInTheHandshake_FailsAtTheConnectTimeout()
    {
        await using var mute = Http2Upstream.Start(u => u.IsMute = true);
        await using var test = await StartAsync(int.Parse(mute.Address.Split(':')[1]), o => o.Pool.ConnectTimeout = TimeSpan.FromMilliseconds(100));
        await test.CallAsync().Failed(FailureCode.ConnectTimeout);
        Assert.Equal(0, test.Endpoint.Snapshot().Connections);
    }

    [Fact]
    public async Task Http1_SecondCall_UsesTheConnection_ThoughSessionTicketsLieUnread()
    {
        await using var plain = Http1Upstream.Start();
        await using var front = TlsFront.Start(plain.Address, _certificates.Server(Host), SslApplicationProtocol.Http11);
        await using var test = await StartAsync(front, o => o.Protocol = Protocol.Http1);
        for (var (n, connection) = (0, (Http1UpstreamConnection?)null); n < 3; n++)
        {
            var call = test.GetAsync();
            connection ??= await plain.ConnectionAsync();
            await (await connection.RequestAsync()).AnswerAsync();
            await call.Answered();
        }

        Assert.Equal((1, 3), (front.Accepted, plain.Requests));
    }

    [Fact]
    public async Task Http1_ServerClosesWhileIdle_NextCallIsSentOnceOnANewConnection()
    {
        await using var plain = Http1Upstream.Start();
        await using var front = TlsFront.Start(plain.Address, _certificates.Server(Host), SslApplicationProtocol.Http11);
        await using var test = await StartAsync(front, o => o.Protocol = Protocol.Http1);
        var first = test.GetAsync();
        var request = await plain.RequestAsync();
        await request.AnswerAsync();
        await first.Answered();
        request.Connection.Close();
        await Eventually.HoldsAsync(() => front.Open == 0, "the end to be passed on");
        var second = test.GetAsync();
        await (await plain.RequestAsync()).AnswerAsync();
        await second.Answered();
        Assert.Equal((2, 2), (front.Accepted, plain.Requests));
    }

    private TlsFront Front(X509Certificate2 certificate) => TlsFront.Start(_upstream.Address, certificate, SslApplicationProtocol.Http2);

    private Task<EndpointUnderTest> StartAsync(TlsFront front, Action<EndpointOptions>? configure = null) => StartAsync(front.Port, configure);

    private Task<EndpointUnderTest> StartAsync(int port, Action<EndpointOptions>? configure = null) => EndpointUnderTest.StartAsync(
        $"{Host}:{port}",
        configure: o =>
        {
            o.Tls = new() { Enabled = true, CaFile = _certificates.CaFile };
            o.Pool.ConnectAttempts = 1;
            configure?.Invoke(o);
        },
        resolver: new ScriptedResolver().Answer(Host, "127.0.0.1").Answer("127.0.0.1", "127.0.0.1"));

    private async Task AnswerOneAsync(EndpointUnderTest test)
    {
        var call = test.CallAsync();
        await (await (await _upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync("secret"u8.ToArray());
        Assert.Equal("secret"u8.ToArray(), (await call.Answered()).Body[5..]);
    }

    private async Task RefusesAsync(TlsFront front, string reason, Action<EndpointOptions>? configure = null)
    {
        await using var test = await StartAsync(front, configure);
        var failure = await test.CallAsync().Failed(FailureCode.TlsFailed);
        Assert.Equal((Stage.Connect, Party.Upstream, true), (failure.Stage, failure.Party, failure.IsRetryable));
        Assert.Equal((1, 0), (front.Accepted, test.Endpoint.Snapshot().Connections));
        Assert.Contains(reason, failure.Detail, StringComparison.Ordinal);
        Assert.Contains(Host, failure.Detail, StringComparison.Ordinal);
    }
}
