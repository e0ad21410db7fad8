using OrleansPool.Testing.Tls;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>TLS settings that cannot work are told when the host starts, not by the first call.</summary>
public sealed class TlsRulesTests : IDisposable
{
    private const string Tls = Configured.Billing + ":Tls";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Files_ThatFitTogether_AreTaken()
    {
        var (certificate, key) = _certificates.Client("orders");
        var read = Configured.ReadBilling("Tls:Enabled=true", $"Tls:CaFile={_certificates.CaFile}", $"Tls:ClientCertificateFile={certificate}", $"Tls:ClientKeyFile={key}", "Tls:ServerName=billing");
        Assert.Equal((true, _certificates.CaFile, certificate, key, "billing"), (read.Tls.Enabled, read.Tls.CaFile, read.Tls.ClientCertificateFile, read.Tls.ClientKeyFile, read.Tls.ServerName));
    }

    [Fact]
    public void ClientCertificate_WithoutItsKey_IsTold()
    {
        var mistakes = Configured.MistakesOfBilling("Tls:Enabled=true", $"Tls:ClientCertificateFile={_certificates.Client("orders").CertificateFile}");
        Assert.Contains($"{Tls}:ClientKeyFile = (nothing): ClientCertificateFile and ClientKeyFile are set together or not at all.", mistakes);
    }

    [Fact]
    public void ClientKey_WithoutItsCertificate_IsTold()
    {
        var key = _certificates.Client("orders").KeyFile;
        var mistakes = Configured.MistakesOfBilling("Tls:Enabled=true", $"Tls:ClientKeyFile={key}");
        Assert.Equal([$"{Tls}:ClientKeyFile = \"{key}\": ClientCertificateFile and ClientKeyFile are set together or not at all."], mistakes);
    }

    [Fact]
    public void File_ThatIsNotThere_IsTold_EachByItsKey()
    {
        var mistakes = Configured.MistakesOfBilling("Tls:Enabled=true", "Tls:CaFile=/none/ca", "Tls:ClientCertificateFile=/none/cert", "Tls:ClientKeyFile=/none/key");
        Assert.Equal([$"{Tls}:CaFile = \"/none/ca\": no such file.", $"{Tls}:ClientCertificateFile = \"/none/cert\": no such file.", $"{Tls}:ClientKeyFile = \"/none/key\": no such file."], mistakes);
    }

    [Fact]
    public void CaFile_WithoutACertificate_IsTold()
    {
        var file = _certificates.Write("empty.pem", "no certificate here");
        Assert.StartsWith($"{Tls} = \"{file}\": the PEM files cannot be used: ", Assert.Single(Configured.MistakesOfBilling("Tls:Enabled=true", $"Tls:CaFile={file}")), StringComparison.Ordinal);
    }

    [Fact]
    public void ClientKey_OfAnotherCertificate_IsTold()
    {
        var (certificate, key) = (_certificates.Client("orders").CertificateFile, _certificates.Client("shipping").KeyFile);
        var mistakes = Configured.MistakesOfBilling("Tls:Enabled=true", $"Tls:ClientCertificateFile={certificate}", $"Tls:ClientKeyFile={key}");
        Assert.StartsWith($"{Tls} = \"{certificate}\": the PEM files cannot be used: ", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_WithTlsSwitchedOff_AreTold() =>
        Assert.Equal([$"{Tls}:Enabled = False: true is required for the other TLS settings to mean anything."], Configured.MistakesOfBilling("Tls:ServerName=billing"));
}
