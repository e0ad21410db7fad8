using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Admin;

/// <summary>
/// What the hosts of the cluster know of connections, callers, upstreams and errors, host by host: as JSON, or as text for a terminal, of all endpoints or of one. A host that
/// does not answer is named.
/// </summary>
internal static class ReportPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "connections", ReportParts.Connections, ["endpoint ", "host ", "address ", "state ", "in flight", "carries", "used", "age s", "idle s"], endpoint => endpoint.Connections.Select(each => new Connection(
            each.Address, each.State.ToString().ToLowerInvariant(), each.InFlight, each.Capacity, each.Uses, Seconds(each.Age), Seconds(each.IdleFor))));
        Map(routes, "callers", ReportParts.Callers, ["endpoint ", "host ", "caller ", "in flight", "waiting"], endpoint => endpoint.Callers.Select(each => new Caller(each.Caller, each.InFlight, each.Waiting)));
        Map(routes, "upstreams", ReportParts.Addresses, ["endpoint ", "host ", "address ", "phase ", "connectable ", "weight", "connections", "in flight", "out s", "why "], endpoint => endpoint.Addresses.Select(each => new Upstream(
            each.Address, each.Phase.ToString().ToLowerInvariant(), each.IsConnectable, Math.Round(each.Weight, 2), each.Connections, each.InFlight, Seconds(each.EjectedFor), each.Why)));
        Map(routes, "errors", ReportParts.Errors, ["endpoint ", "host ", "stage ", "party ", "error ", "count", "last s ago", "detail "], endpoint => endpoint.Errors.Select(each => new Error(
            each.Stage.ToString().ToLowerInvariant(), each.Party.ToString().ToLowerInvariant(), each.Name, each.Count, Seconds(each.LastAgo), each.Detail)));
    }

    private static void Map<T>(IEndpointRouteBuilder routes, string page, ReportParts parts, IReadOnlyList<string> titles, Func<EndpointReport, IEnumerable<T>> rows)
        where T : IRow =>
        routes.MapGet($"/admin/{page}", async (string? endpoint, string? format, HttpContext context, EndpointDirectory endpoints, IClusterReports reports) =>
        {
            if (endpoint is not null && !endpoints.TryGet(endpoint, out _)) return AdminAnswer.Unknown(endpoint, endpoints);
            var report = await reports.GatherAsync(new ReportQuery(parts, endpoint), context.RequestAborted).ConfigureAwait(false);
            var all = report.Hosts.SelectMany(host => host.Endpoints.SelectMany(one => rows(one).Select(row => new Line<T>(one.Name, host.Name, row)))).OrderBy(line => line.Endpoint, StringComparer.Ordinal).ToList();
            return AdminAnswer.Of(context, format, new Document<T>(all, report.Silent), document => Text(titles, document));
        });

    private static string Text<T>(IReadOnlyList<string> titles, Document<T> document)
        where T : IRow => TextTable.Of(titles, document.Rows.Select(line => (IReadOnlyList<string>)[line.Endpoint, line.Host, .. line.Row.Cells]))
            + string.Concat(document.Silent.Select(host => $"\n{host.Name} is silent: {host.Why}"));

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);

    private interface IRow
    {
        /// <summary>Its cells as text, in the order of the page's titles.</summary>
        IEnumerable<string> Cells { get; }
    }

    private sealed record Document<T>(IReadOnlyList<Line<T>> Rows, IReadOnlyList<SilentHost> Silent);

    private sealed record Line<T>(string Endpoint, string Host, T Row);

    private sealed record Connection(string Address, string State, int InFlight, int Capacity, long Uses, double AgeSeconds, double IdleSeconds) : IRow
    {
        IEnumerable<string> IRow.Cells => [Address, State, $"{InFlight}", $"{Capacity}", $"{Uses}", $"{AgeSeconds:F1}", $"{IdleSeconds:F1}"];
    }

    private sealed record Caller(string Name, int InFlight, int Waiting) : IRow
    {
        IEnumerable<string> IRow.Cells => [Name, $"{InFlight}", $"{Waiting}"];
    }

    private sealed record Upstream(string Address, string Phase, bool IsConnectable, double Weight, int Connections, int InFlight, double OutSeconds, string Why) : IRow
    {
        IEnumerable<string> IRow.Cells => [Address, Phase, IsConnectable ? "yes" : "no", $"{Weight:F2}", $"{Connections}", $"{InFlight}", $"{OutSeconds:F1}", Why];
    }

    private sealed record Error(string Stage, string Party, string Name, long Count, double LastSecondsAgo, string Detail) : IRow
    {
        IEnumerable<string> IRow.Cells => [Stage, Party, Name, $"{Count}", $"{LastSecondsAgo:F1}", Detail];
    }
}
