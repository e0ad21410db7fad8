using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/operations.md has a runbook for each alert, under its name.</summary>
public class OperationsDocumentTests
{
    private static readonly Regex _alert = new(@"- alert: (?<name>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Fact]
    public void Runbooks_AreThoseOfTheAlerts()
    {
        var alerts = _alert.Matches(Repository.Read("deploy/prometheus/alerts.yml")).Select(match => match.Groups["name"].Value);
        Assert.Equal(alerts.Order(StringComparer.Ordinal), new MarkdownFile("docs/operations.md").Headings.Where(heading => heading.StartsWith("OrleansPool", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Codes_InRunbooks_AreReasonsThatMetricsHave()
    {
        var codes = Enum.GetNames<Core.Model.Failures.FailureCode>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName).ToHashSet(StringComparer.Ordinal);
        var named = Regex.Matches(Repository.Read("docs/operations.md"), @"(?<=^|, )`(?<code>[a-z_]+)`(?=[,:])", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["code"].Value);
        Assert.All(named.Except(["learning", "safe"], StringComparer.Ordinal), code => Assert.Contains(code, codes));
    }
}
