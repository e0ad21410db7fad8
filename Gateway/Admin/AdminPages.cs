using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Operations;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Gateway.Hosting;
using OrleansPool.Gateway.Live;
using OrleansPool.Gateway.Metrics;

namespace OrleansPool.Gateway.Admin;

/// <summary>The host's own pages: is it alive, does it take calls, and what do its pools do.</summary>
internal static class AdminPages
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<GatewayOptions>();

        // Alive says nothing of upstreams or stores: restarting this process would mend neither.
        routes.MapGet("/alive", () => Results.Text("alive\n"));
        routes.MapGet("/ready", (PoolHost host) => host.IsReady
            ? Results.Text("ready\n")
            : Results.Text(host.IsDraining ? "draining\n" : "warming\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        routes.MapGet("/admin/pools", ShowPoolsAsync);
        BudgetPage.Map(routes);
        ConfigPage.Map(routes);
        ReportPages.Map(routes);
        CheckPage.Map(routes);
        if (options.Admin.Write) OrderPages.Map(routes);
        if (options.Metrics) MetricsPage.Map(routes);
        LivePage.Map(routes);
        ConsolePage.Map(routes);
    }

    // As JSON this host's own, with all that it knows of them; as text in short, and the whole cluster.
    private static async Task<IResult> ShowPoolsAsync(string? endpoint, string? format, HttpContext context, EndpointDirectory endpoints, IClusterReports reports)
    {
        if (endpoint is not null && !endpoints.TryGet(endpoint, out _)) return AdminAnswer.Unknown(endpoint, endpoints);
        var report = await reports.GatherAsync(new ReportQuery(ReportParts.None, endpoint), context.RequestAborted).ConfigureAwait(false);
        var own = endpoints.All.Where(each => endpoint is null || string.Equals(each.Name, endpoint, StringComparison.OrdinalIgnoreCase)).Select(Row);
        return AdminAnswer.Of(context, format, own, _ => PoolsText.Of(report));
    }

    private static PoolRow Row(Endpoint endpoint)
    {
        var pool = endpoint.Snapshot();
        return new PoolRow(
            endpoint.Name, endpoint.Protocol.ToString().ToLowerInvariant(), pool.Idle, pool.Busy, pool.Connecting, pool.Draining, pool.Max,
            pool.InFlight, pool.Limit, pool.Waiting, Math.Round(pool.OldestWait.TotalSeconds, 3), pool.Totals, endpoint.Calls, pool.Addresses.Select(Row),
            pool.Leaks.Select(Row), endpoint.JsonRpc);
    }

    private static AddressRow Row(AddressSnapshot address) => new(
        address.Address, address.Phase, address.Why, Math.Round(address.EjectedFor.TotalSeconds, 1), address.Weight, address.Connections, address.InFlight, address.IsConnectable);

    private static LeakRow Row(HeldLease lease) => new(lease.Method, lease.Caller, lease.TraceId, lease.Address, Math.Round(lease.HeldFor.TotalSeconds, 1));

    private sealed record PoolRow(
        string Endpoint, string Protocol, int Idle, int Busy, int Connecting, int Draining, int Max,
        int InFlight, int Limit, int Waiting, double OldestWaitSeconds, PoolTotals Totals, CallTotals Calls, IEnumerable<AddressRow> Addresses, IEnumerable<LeakRow> Leaks,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonRpcTotals? JsonRpc);

    private sealed record LeakRow(string Method, string Caller, string TraceId, string Address, double HeldForSeconds);

    private sealed record AddressRow(
        string Address, AddressPhase Phase, string Why, double EjectedForSeconds, double Weight, int Connections, int InFlight, bool IsConnectable);
}
