using Microsoft.Extensions.Logging;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Operations;
using OrleansPool.Core.Tests.Hosting;

namespace OrleansPool.Core.Tests.Operations;

/// <summary>What a host says of itself.</summary>
public sealed class HostReporterTests : IDisposable
{
    private readonly RunningHost _host = new("Pool:Max=30", "Limits:Max=25", "Limits:Initial=20");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Report_OfNumbersAlone_HasTheEndpoint_AndNothingElse()
    {
        var report = _host.Report(new ReportQuery(ReportParts.None));
        var endpoint = Assert.Single(report.Endpoints);
        Assert.Equal(("this process", "billing", "http1", 30, 0), (report.Name, endpoint.Name, endpoint.Protocol, endpoint.Cap, endpoint.Share));
        Assert.Empty(report.Budgets);
        Assert.Empty(report.Events);
        Assert.Empty(endpoint.Addresses);
    }

    [Theory]
    [InlineData("BILLING", 1)]
    [InlineData("unknown", 0)]
    public void Report_OfOneEndpoint_HasNoOther(string name, int found)
    {
        var report = _host.Report(new ReportQuery(ReportParts.Budgets, name));
        Assert.Equal((found, found), (report.Endpoints.Count, report.Budgets.Count));
    }

    [Fact]
    public async Task Budget_IsReported_WithItsHolders_AndItsChanges()
    {
        await _host.JoinAsync("a");
        await _host.ChangeAsync("Limits:Max=9", "Limits:Initial=9");
        var budget = Assert.Single(_host.Report(new ReportQuery(ReportParts.Budgets)).Budgets);
        Assert.Equal(("billing", 9, 30, LimitReason.Configured, "a"), (budget.Endpoint, budget.Limit, budget.Cap, budget.Reason, budget.Holders.Single().Holder));
        var change = Assert.Single(budget.Changes);
        Assert.Equal((20, 9, LimitReason.Configured, null), (change.From, change.To, change.Reason, change.Qps));
    }

    [Fact]
    public async Task Change_OfLongAgo_IsTold_OnlyToWhoAsksForTheEndpoint()
    {
        await _host.ChangeAsync("Limits:Max=9", "Limits:Initial=9");
        _host.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Empty(_host.Report(new ReportQuery(ReportParts.Budgets)).Budgets.Single().Changes);
        Assert.Single(_host.Report(new ReportQuery(ReportParts.Budgets, "billing")).Budgets.Single().Changes);
    }

    [Fact]
    public async Task Reload_IsAnEvent()
    {
        await _host.ChangeAsync("Pool:Max=-1");
        var refused = Assert.Single(_host.Report(new ReportQuery(ReportParts.Events)).Events);
        Assert.Equal((405, LogLevel.Error), (refused.Id, refused.Level));
        Assert.Contains("Pool:Max = -1", refused.Text, StringComparison.Ordinal);
        Assert.Empty(_host.Report(new ReportQuery(ReportParts.Events, "billing")).Events);
    }

    [Fact]
    public async Task Report_AsJson_IsTheSameAgain()
    {
        await _host.JoinAsync("a");
        await _host.ChangeAsync("Limits:Max=9", "Limits:Initial=9");
        var json = ReportJson.Write(_host.Report(new ReportQuery(ReportParts.All)));
        Assert.Equal(json, ReportJson.Write(ReportJson.Read<HostReport>(json)));
    }
}
