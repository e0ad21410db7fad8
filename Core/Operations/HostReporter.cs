using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Operations;

/// <summary>Says what this host knows, when somebody asks; nothing is gathered until then. Thread-safe.</summary>
public sealed class HostReporter(EndpointDirectory endpoints, EndpointShares shares, PoolHost host, IBudgetAuthorities authorities, HolderIdentity identity, EventRing events, TimeProvider time)
{
    // Longer than the pause between two looks of whoever follows all endpoints.
    private static readonly TimeSpan _latest = TimeSpan.FromSeconds(15);

    private static readonly string _version = typeof(HostReporter).Assembly.GetName().Version?.ToString(3) ?? "";

    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>What was asked for. Locks each endpoint for a moment.</summary>
    public HostReport Report(ReportQuery query) => new()
    {
        Name = identity.Name,
        Version = _version,
        Started = _started,
        Now = time.GetUtcNow(),
        IsReady = host.IsReady,
        IsDraining = host.IsDraining,
        Endpoints = [.. Chosen(query).Select(endpoint => Report(endpoint, query.Parts))],
        Budgets = query.Parts.HasFlag(ReportParts.Budgets) ? Budgets(query.Endpoint) : [],
        Events = query.Parts.HasFlag(ReportParts.Events) ? [.. events.Now.Where(each => query.Endpoint is null || IsSame(each.Endpoint, query.Endpoint))] : [],
    };

    private IEnumerable<Endpoint> Chosen(ReportQuery query) =>
        query.Endpoint is null ? endpoints.All : endpoints.TryGet(query.Endpoint, out var endpoint) ? [endpoint] : [];

    private IReadOnlyList<BudgetReport> Budgets(string? endpoint) => endpoint is null
        ? [.. authorities.Views().Select(view => BudgetReport.Of(view, _latest))]
        : [.. authorities.Views().Where(view => IsSame(view.Endpoint, endpoint)).Select(view => BudgetReport.Of(view, TimeSpan.MaxValue))];

    private EndpointReport Report(Endpoint endpoint, ReportParts parts)
    {
        shares.Look(endpoint.Name);
        var (now, pool) = (time.MonotonicNow(), endpoint.Snapshot());
        var recent = endpoint.History.Recent(now);
        return new EndpointReport
        {
            Name = endpoint.Name,
            Protocol = endpoint.Protocol.ToString().ToLowerInvariant(),
            Idle = pool.Idle,
            Busy = pool.Busy,
            Connecting = pool.Connecting,
            Draining = pool.Draining,
            Cap = pool.Max,
            Share = pool.Allowed,
            InFlight = pool.InFlight,
            Permits = pool.Limit,
            Waiting = pool.Waiting,
            OldestWait = pool.OldestWait,
            AddressesKnown = pool.Addresses.Count,
            AddressesOut = pool.Addresses.Count(address => address is not { Phase: AddressPhase.Well, IsConnectable: true }),
            CallsPerSecond = Math.Round(recent.CallsPerSecond, 2),
            FailedPerSecond = Math.Round(recent.FailedPerSecond, 2),
            Times = TimesReport.Of(recent.ResponseTimes),
            Totals = TotalsReport.Of(pool.Totals, endpoint.Calls),
            Addresses = parts.HasFlag(ReportParts.Addresses) ? pool.Addresses : [],
            Connections = parts.HasFlag(ReportParts.Connections) ? endpoint.Channels() : [],
            Callers = parts.HasFlag(ReportParts.Callers) ? endpoint.Callers() : [],
            Errors = parts.HasFlag(ReportParts.Errors) ? endpoint.Errors.Now() : [],
            Leaks = parts.HasFlag(ReportParts.Errors) ? pool.Leaks : [],
            LimitTrail = parts.HasFlag(ReportParts.Trail) ? endpoint.History.LimitTrail(now) : [],
            History = parts.HasFlag(ReportParts.History) ? endpoint.History.Points(now) : [],
        };
    }

    private static bool IsSame(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
