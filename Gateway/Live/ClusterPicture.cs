using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Operations;
using OrleansPool.Gateway.Admin;

namespace OrleansPool.Gateway.Live;

/// <summary>The cluster at one moment, as the console shows it: header and rows, made of all hosts' reports.</summary>
internal sealed class ClusterPicture
{
    private ClusterPicture(ClusterHeader header, IReadOnlyList<EndpointRow> rows) => (Header, Rows) = (header, rows);

    public ClusterHeader Header { get; }

    /// <summary>By name.</summary>
    public IReadOnlyList<EndpointRow> Rows { get; }

    public static ClusterPicture Of(ClusterReport report)
    {
        var budgets = BudgetsOf(report);
        var rows = report.Hosts.SelectMany(host => host.Endpoints).GroupBy(endpoint => endpoint.Name, StringComparer.OrdinalIgnoreCase)
            .Select(endpoint => RowOf([.. endpoint], budgets.GetValueOrDefault(endpoint.Key))).OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase).ToList();
        return new ClusterPicture(HeaderOf(report, rows, budgets.Values), rows);
    }

    // Two hosts may believe to hold a budget for a moment, when it moves: the one that deals is right.
    private static Dictionary<string, BudgetReport> BudgetsOf(ClusterReport report) => report.Hosts.SelectMany(host => host.Budgets)
        .GroupBy(budget => budget.Endpoint, StringComparer.OrdinalIgnoreCase).ToDictionary(budget => budget.Key, budget => budget.MinBy(each => each.Mode)!, StringComparer.OrdinalIgnoreCase);

    private static ClusterHeader HeaderOf(ClusterReport report, List<EndpointRow> rows, IEnumerable<BudgetReport> budgets)
    {
        var times = TimesReport.Add(report.Hosts.SelectMany(host => host.Endpoints).Select(endpoint => endpoint.Times));
        var holders = budgets.SelectMany(budget => budget.Holders).Where(holder => !holder.IsDead && holder.TimeLeft > TimeSpan.Zero).Select(holder => (holder.Holder, holder.IsClient)).ToHashSet();
        holders.UnionWith(report.Hosts.Select(host => (host.Name, false)));
        return new ClusterHeader
        {
            Hosts = [.. report.Hosts.Select(host => new ClusterHeader.Host(host.Name, StateOf(host), host.Version, host.Started))],
            Silent = report.Silent,
            Holders = holders.Count,
            Clients = holders.Count(holder => holder.IsClient),
            Calls = Math.Round(rows.Sum(row => row.Calls), 1),
            Failed = Math.Round(rows.Sum(row => row.Failed), 2),
            P50 = Milliseconds(times, .5),
            P95 = Milliseconds(times, .95),
            P99 = Milliseconds(times, .99),
            InFlight = rows.Sum(row => row.InFlight),
            Limit = rows.Sum(row => row.Limit ?? 0),
            Connections = rows.Sum(row => row.Idle + row.Busy + row.Connecting + row.Draining),
            Cap = rows.Sum(row => row.Cap),
            Waiting = rows.Sum(row => row.Waiting),
        };
    }

    private static EndpointRow RowOf(List<EndpointReport> hosts, BudgetReport? budget)
    {
        var times = TimesReport.Add(hosts.Select(host => host.Times));
        var worst = hosts.MaxBy(host => host.AddressesOut)!;
        return new EndpointRow
        {
            Name = hosts[0].Name,
            Protocol = hosts[0].Protocol,
            Idle = hosts.Sum(host => host.Idle),
            Busy = hosts.Sum(host => host.Busy),
            Connecting = hosts.Sum(host => host.Connecting),
            Draining = hosts.Sum(host => host.Draining),
            Share = hosts.Sum(host => host.Share),
            Cap = budget?.Cap ?? hosts.Max(host => host.Cap),
            InFlight = hosts.Sum(host => host.InFlight),
            Limit = budget?.Limit,
            Observed = budget?.ObservedLimit,
            Held = budget?.Orders is { HoldsCalls: true } orders ? orders.IsDrained ? "drained" : "paused" : null,
            Mode = (budget?.LimitMode ?? LimitMode.Enforce).ToString().ToLowerInvariant(),
            Why = budget is null ? "nobody holds its budget right now" : LimitReasons.Sentence(budget.Reason),
            Waiting = hosts.Sum(host => host.Waiting),
            OldestWaitMs = Math.Round(hosts.Max(host => host.OldestWait).TotalMilliseconds),
            Calls = Math.Round(hosts.Sum(host => host.CallsPerSecond), 1),
            Failed = Math.Round(hosts.Sum(host => host.FailedPerSecond), 2),
            P50 = Milliseconds(times, .5),
            P99 = Milliseconds(times, .99),
            AddressesOut = worst.AddressesOut,
            Addresses = worst.AddressesKnown,
        };
    }

    private static string StateOf(HostReport host) => host.IsDraining ? "draining" : host.IsReady ? "ready" : "warming";

    private static double? Milliseconds(ResponseTimeHistogram times, double quantile) => times.Count == 0 ? null : Math.Round(times.Quantile(quantile).TotalMilliseconds, 2);
}
