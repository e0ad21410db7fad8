using System.Diagnostics.Metrics;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>
/// What holds for the cluster as one: measured by the process that has the endpoint's budget and by no other, so that a sum over processes is right. The one
/// exception, which its attribute tells apart, is this process's own share of connections. Thread-safe.
/// </summary>
internal sealed class BudgetMetrics
{
    private readonly Meter _meter;
    // One that may not answer any more may have its successor elsewhere.
    private readonly Readings<BudgetView> _budgets;
    private readonly Readings<BudgetView> _held;
    private readonly EndpointDirectory _endpoints;

    public BudgetMetrics(PoolMeter meter, EndpointDirectory endpoints, IBudgetAuthorities authorities, TimeProvider time)
    {
        (_meter, _endpoints) = (meter.Meter, endpoints);
        _budgets = new Readings<BudgetView>(() => [.. authorities.Views().Where(budget => budget.Mode != BudgetMode.Safe)], time);
        _held = new Readings<BudgetView>(authorities.Views, time);
        AddLimit();
        AddLeases();
    }

    private void AddLimit()
    {
        _meter.CreateObservableUpDownCounter("orleanspool.connection.max", Maxima, "{connection}", "Connections at most: Pool:Max for the cluster, and this process's share of it.");
        AddGauge("orleanspool.limit.current", "{request}", "Calls in flight at most in the whole cluster.", budget => [Of(budget, budget.Limit, Tag(MetricTags.Law, budget.Law))]);
        AddGauge("orleanspool.limit.target", "{request}", "What the law wants the limit to be: the same, unless Limits:Mode is observe.",
            budget => [Of(budget, budget.ObservedLimit ?? budget.Limit, Tag(MetricTags.Law, budget.Law))]);
        _meter.CreateObservableCounter("orleanspool.limit.changes", () => _budgets.Now.SelectMany(Changes), "{change}", "Changes of the limit since this process took the budget over, by direction and reason.");
        _meter.CreateObservableGauge("orleanspool.limit.baseline", () => _budgets.Now.Select(budget => Of(budget, budget.Baseline.TotalSeconds)), "s", "Response time without queueing, as the law knows it; 0 where it knows none.");
    }

    private void AddLeases()
    {
        AddUpDown("orleanspool.lease.granted", "{connection}", "Connections that count as taken, those of silent holders included.", budget => [Of(budget, budget.ConnectionsTaken)]);
        AddUpDown("orleanspool.lease.requested", "{request}", "Calls at once that the holders need, as they last reported.", budget => [Of(budget, (long)Math.Ceiling(budget.Holders.Sum(holder => holder.Need)))]);
        AddUpDown("orleanspool.lease.holders", "{holder}", "Processes with a share that is in force.", budget => [Of(budget, budget.Holders.Count(holder => !holder.IsDead && holder.TimeLeft > TimeSpan.Zero))]);
        _meter.CreateObservableGauge("orleanspool.lease.mode", () => _held.Now.SelectMany(Modes), null, "1 for what the budget can do now, 0 for the others.");
    }

    private static IEnumerable<Measurement<long>> Modes(BudgetView budget) =>
        Enum.GetValues<BudgetMode>().Select(mode => Of(budget, budget.Mode == mode ? 1L : 0L, Tag(MetricTags.Mode, MetricTags.ValueOf(mode))));

    private IEnumerable<Measurement<long>> Maxima()
    {
        foreach (var endpoint in _endpoints.All) yield return new(endpoint.Snapshot().Allowed, Tag(MetricTags.Pool, endpoint.Name), Tag(MetricTags.Scope, "silo"));
        foreach (var budget in _budgets.Now) yield return Of(budget, (long)budget.Cap, Tag(MetricTags.Scope, "cluster"));
    }

    private static IEnumerable<Measurement<long>> Changes(BudgetView budget) => budget.ChangeCounts.Select(count =>
        Of(budget, count.Count, Tag(MetricTags.Direction, count.IsUp ? "up" : "down"), Tag(MetricTags.Reason, MetricTags.ValueOf(count.Reason))));

    private void AddGauge(string name, string? unit, string description, Func<BudgetView, IEnumerable<Measurement<long>>> values) =>
        _meter.CreateObservableGauge(name, () => _budgets.Now.SelectMany(values), unit, description);

    private void AddUpDown(string name, string unit, string description, Func<BudgetView, IEnumerable<Measurement<long>>> values) =>
        _meter.CreateObservableUpDownCounter(name, () => _budgets.Now.SelectMany(values), unit, description);

    private static Measurement<long> Of(BudgetView budget, long value, params ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(value, [Tag(MetricTags.Pool, budget.Endpoint), .. tags]);

    private static Measurement<double> Of(BudgetView budget, double value) => new(value, Tag(MetricTags.Pool, budget.Endpoint));

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
