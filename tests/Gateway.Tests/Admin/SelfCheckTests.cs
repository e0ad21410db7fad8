using OrleansPool.Core.Hosting;
using OrleansPool.Core.Operations;
using OrleansPool.Gateway.Admin;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>What the pool finds wrong with itself.</summary>
public class SelfCheckTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Host_ThatIsWell_IsNotMentioned() => Assert.Empty(SelfCheck.OfHosts(new ClusterReport([Host()], []), _now));

    [Fact]
    public void Hosts_ThatAreSilentLateOrNotReady_AreNamedEachWithAHint()
    {
        var cluster = new ClusterReport([Host() with { Name = "late", Now = _now + TimeSpan.FromSeconds(3) }, Host() with { Name = "warming", IsReady = false }], [new SilentHost("gone", "no answer within 1 s")]);
        var findings = SelfCheck.OfHosts(cluster, _now).ToList();
        Assert.Equal(["gone", "late", "warming"], findings.Select(finding => finding.About));
        Assert.All(findings, finding => Assert.NotEmpty(finding.Hint));
    }

    [Fact]
    public void Reload_ThatWasRefused_IsToldWithItsMistakes()
    {
        var finding = Assert.Single(SelfCheck.OfConfiguration(new ReloadResult(3, _now, IsApplied: false) { Mistakes = ["Pool:Max = 0: too few."] }));
        Assert.Contains("version 3 stays in force: Pool:Max = 0: too few.", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_ThatNobodyHolds_IsTold() => Assert.Equal("nobody holds its budget", Assert.Single(SelfCheck.OfBudget("billing", null)).What);

    [Theory]
    [InlineData(13, 1)]
    [InlineData(15, 0)]
    public void Certificate_IsToldFourteenDaysBeforeItsEnd(int daysLeft, int findings)
    {
        using var certificates = new TestCertificates();
        using var server = certificates.Server("127.0.0.1");
        var file = certificates.Write("server.pem", server.ExportCertificatePem());
        Assert.Equal(findings, SelfCheck.OfCertificate(file, new DateTimeOffset(server.NotAfter).AddDays(-daysLeft).AddHours(-1)).Count());
    }

    private static HostReport Host() => new() { Name = "one", Version = "1", Started = _now, Now = _now, IsReady = true, IsDraining = false, Endpoints = [] };
}
