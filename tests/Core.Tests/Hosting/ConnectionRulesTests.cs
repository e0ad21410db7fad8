using OrleansPool.Testing.Tls;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>What TCP and JSON-RPC endpoints have in common: TLS at their own ports, and TCP's probes.</summary>
public sealed class ConnectionRulesTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("KeepAlive:Idle=00:00:00.9000000", "KeepAlive:Idle = 00:00:00.9000000: allowed are 00:00:01 to 09:00:00, or 00:00:00 for no probes")]
    [InlineData("KeepAlive:Interval=01:00:01", "KeepAlive:Interval = 01:00:01: allowed are 00:00:01 to 01:00:00")]
    [InlineData("KeepAlive:Count=0", "KeepAlive:Count = 0: allowed are 1 to 100")]
    [InlineData("ListenTls:CertificateFile=/none", "ListenTls:KeyFile = (nothing): CertificateFile and KeyFile are set together or not at all")]
    public void Mistake_IsToldWithWhatIsAllowed(string setting, string mistake)
    {
        foreach (var protocol in new[] { "tcp", "jsonrpc" })
            Assert.Equal([$"{Configured.Billing}:{mistake}."], Configured.MistakesOfBilling(setting, $"Protocol={protocol}", "Listen=127.0.0.1:80"));
    }

    [Theory]
    [InlineData("KeepAlive:Count=4", "KeepAlive = \"(set)\": these options mean something with Protocol = tcp and jsonrpc only; HTTP/2 has Pool:KeepAlivePingDelay")]
    [InlineData("ListenTls:KeyFile=/none", "ListenTls = \"(set)\": only an endpoint with Protocol = tcp or jsonrpc has a port of its own; for Gateway:Listen there is Gateway:CertificateFile")]
    public void Option_OfAnotherProtocol_IsTold(string setting, string mistake) => Assert.Equal([$"{Configured.Billing}:{mistake}."], Configured.MistakesOfBilling(setting));

    [Fact]
    public void Certificate_WithoutAPort_IsTold()
    {
        var (certificate, key) = _certificates.Client("port");
        var mistakes = Configured.MistakesOfBilling("Protocol=tcp", $"ListenTls:CertificateFile={certificate}", $"ListenTls:KeyFile={key}");
        Assert.Equal([$"{Configured.Billing}:ListenTls:CertificateFile = \"{certificate}\": it means nothing without Listen."], mistakes);
    }

    [Fact]
    public void Certificate_ThatCannotBeUsed_IsTold()
    {
        var (certificate, key) = (_certificates.Client("one").CertificateFile, _certificates.Client("two").KeyFile);
        var mistake = Assert.Single(Configured.MistakesOfBilling("Protocol=tcp", "Listen=127.0.0.1:80", $"ListenTls:CertificateFile={certificate}", $"ListenTls:KeyFile={key}"));
        Assert.StartsWith($"{Configured.Billing}:ListenTls:CertificateFile = \"{certificate}\": the PEM files cannot be used: ", mistake, StringComparison.Ordinal);
    }
}
