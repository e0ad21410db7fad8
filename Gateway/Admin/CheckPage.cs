using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Operations;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>The pool's look at itself: what is wrong, and what to do next. It answers 200 whatever it finds; <c>isWell</c> says whether it found anything.</summary>
internal static class CheckPage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/check", async (
        string? format, HttpContext context, IClusterReports reports, EndpointDirectory endpoints, IBudget budget, IConfigurationState configuration, GatewayOptions gateway, TimeProvider time) =>
    {
        var cluster = await reports.GatherAsync(new ReportQuery(ReportParts.Addresses | ReportParts.Errors), context.RequestAborted).ConfigureAwait(false);
        List<Finding> findings = [.. SelfCheck.OfConfiguration(configuration.Last), .. SelfCheck.OfHosts(cluster, time.GetUtcNow()), .. SelfCheck.OfCertificate(gateway.CertificateFile, time.GetUtcNow())];
        foreach (var endpoint in endpoints.All) findings.AddRange(SelfCheck.OfBudget(endpoint.Name, await BudgetPage.ViewAsync(endpoint.Name, budget, context.RequestAborted).ConfigureAwait(false)));
        return AdminAnswer.Of(context, format, new Document(findings.Count == 0, findings), Text);
    });

    private static string Text(Document document) => document.IsWell
        ? "All is well: configuration, hosts, upstreams, budgets, certificate.\n"
        : string.Concat(document.Findings.Select(finding => $"{finding.About}: {finding.What}\n  {finding.Hint}\n"));

    private sealed record Document(bool IsWell, IReadOnlyList<Finding> Findings);
}
