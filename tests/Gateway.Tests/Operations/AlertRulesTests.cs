using System.Text.RegularExpressions;
using OrleansPool.Gateway.Tests.Metrics;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>The alerts, by Prometheus' own tool: each fires when it should, and not beside that.</summary>
public class AlertRulesTests
{
    public static TheoryData<string> Alerts => [.. Deployment.Alerts];

    [SkippableFact]
    public async Task Rules_AreUnderstoodByPrometheus() =>
        Assert.Contains($"{Deployment.Alerts.Count} rules found", await RequiredTool.RunAsync("promtool", PrometheusServer.Package, "check", "rules", Rules("alerts.yml")), StringComparison.Ordinal);

    [SkippableFact]
    public async Task Rules_OnTheirFigures_FireAndStayQuiet() =>
        Assert.Contains("SUCCESS", await RequiredTool.RunAsync("promtool", PrometheusServer.Package, "test", "rules", Rules("alerts.test.yml")), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Alert_IsTriedBothWays(string alert)
    {
        var tried = Regex.Matches(Deployment.Read("prometheus/alerts.test.yml"), $@"alertname: {alert}\s+eval_time: \w+\s+exp_alerts: *(\S*)", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Equal(["", "[]"], tried.Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Alert_NamesItsRunbook(string alert)
    {
        var url = $"docs/operations.md#{alert.ToLowerInvariant()}";
        Assert.Contains($"runbook_url: {url}\n", Deployment.Read("prometheus/alerts.yml"), StringComparison.Ordinal);
    }

    private static string Rules(string file) => Path.Combine(Deployment.Folder, "prometheus", file);
}
