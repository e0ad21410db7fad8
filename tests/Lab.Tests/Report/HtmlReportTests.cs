using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Report;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Lab.Tests.Report;

public class HtmlReportTests
{
    // A name for elements, which nothing is loaded from.
    private const string SvgNamespace = "http://www.w3.org/2000/svg";

    [Fact]
    public void Page_Anything_RefersToNothingOutside()
    {
        var page = Page("plain").Replace(SvgNamespace, "", StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("""(src|href)\s*=\s*["'](?!#)""", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_TitleThatLooksLikeMarkup_StaysAText()
    {
        var page = Page("</script><b>");
        Assert.DoesNotContain("</script><b>", page, StringComparison.Ordinal);
        Assert.Equal("</script><b>", Data(page).GetProperty("title").GetString());
    }

    [Fact]
    public void Page_Run_HasItsChartsAndItsFigures()
    {
        var scenario = Data(Page("plain"));
        var law = Assert.Single(scenario.GetProperty("laws").EnumerateArray());
        var points = scenario.GetProperty("points").GetInt32();
        Assert.All(new[] { "limit", "inFlight", "time", "good" }, key => Assert.Equal(points, law.GetProperty(key).GetArrayLength()));
        Assert.Equal("fixed", Assert.Single(scenario.GetProperty("rows").EnumerateArray()).GetProperty("law").GetString());
    }

    private static JsonElement Data(string page)
    {
        var json = Regex.Match(page, """id="data">(.*?)</script>""", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.None, TimeSpan.FromSeconds(5)).Value;
        return Assert.Single(JsonDocument.Parse(json["id=\"data\">".Length..^"</script>".Length]).RootElement.EnumerateArray());
    }

    private static string Page(string title)
    {
        var length = TimeSpan.FromSeconds(5);
        var scenario = new Scenario { Name = "test", Title = title, Phases = [new Phase { For = length, Quick = length }] };
        var batch = new Batch(new Oracle(), _ => true, (_, _) => { });
        var results = batch.Execute([new RunPlan(scenario, "fixed", Scope.Cluster, 2, 1, IsQuick: true)], CancellationToken.None);
        return HtmlReport.Of(results, results);
    }
}
