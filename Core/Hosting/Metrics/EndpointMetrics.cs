using System.Diagnostics.Metrics;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>
/// What the endpoints of this process do, by instruments that are read when somebody collects, and cost nothing until then. Totals never go back. Thread-safe.
/// </summary>
internal sealed class EndpointMetrics
{
    private readonly Meter _meter;
    private readonly Readings<EndpointReading> _endpoints;

    public EndpointMetrics(PoolMeter meter, EndpointDirectory endpoints, TimeProvider time)
    {
        _meter = meter.Meter;
        _endpoints = new Readings<EndpointReading>(() => [.. endpoints.All.Select(endpoint => new EndpointReading(endpoint))], time);
        AddConnections();
        AddWaiting();
        AddCalls();
        AddAddresses();
        AddJsonRpc();
    }

    private void AddConnections()
    {
        AddUpDown("orleanspool.connection.count", "{connection}", "Connections by state: idle without a call, used with at least one, connecting, draining.", States);
        AddUpDown("orleanspool.connection.idle.min", "{connection}", "Pool:Min: connections that this process keeps open when nobody calls.", each => [each.Of<long>(each.Pool.Min)]);
        AddCounter("orleanspool.connection.created", "{connection}", "Connections opened.", each => [each.Of(each.Pool.Totals.Connected)]);
        AddCounter("orleanspool.connection.closed", "{connection}", "Connections closed, by reason.",
            each => each.Pool.Totals.Closed.Select(closed => each.Of(closed.Value, Tag(MetricTags.CloseReason, MetricTags.ValueOf(closed.Key)))));
        AddUpDown("orleanspool.stream.active", "{stream}", "Calls on connections that carry many at once.", each => each.IsMultiplexed ? [each.Of<long>(each.Pool.InFlight)] : []);
        AddUpDown("orleanspool.stream.max", "{stream}", "Calls that the open connections carry at once, where they carry many.", each => each.IsMultiplexed ? [each.Of<long>(each.Pool.Capacity)] : []);
    }

    private void AddWaiting()
    {
        AddUpDown("orleanspool.connection.pending_requests", "{request}", "Calls that wait for a permit or a connection.", each => [each.Of<long>(each.Pool.Waiting)]);
        _meter.CreateObservableGauge("orleanspool.connection.oldest_wait", () => Of<double>(each => [each.Of(each.Pool.OldestWait.TotalSeconds)]), "s", "How long the first of them has been waiting.");
        AddCounter("orleanspool.connection.timeouts", "{timeout}", "Calls whose wait ended with Queue:MaxWait or their deadline.", each => [each.Of(each.Pool.Totals.TimedOut)]);
    }

    private void AddCalls()
    {
        AddUpDown("orleanspool.request.active", "{request}", "Calls in flight: permits in use in this process.", each => [each.Of<long>(each.Pool.InFlight)]);
        AddUpDown("orleanspool.request.max", "{request}", "Permits of this process: its share of the limit.", each => [each.Of<long>(each.Pool.Limit)]);
        AddCounter("orleanspool.request.retries", "{attempt}", "Attempts beyond the first, by whether Retry had room for them.",
            each => [each.Of(each.Calls.Retried, Tag(MetricTags.Outcome, "made")), each.Of(each.Calls.RetriesDenied, Tag(MetricTags.Outcome, "denied"))]);
        AddCounter("orleanspool.request.hedges", "{attempt}", "Attempts beside one whose answer was late: those made, of these those answered first, and those for which nothing was to spare.",
            each => [each.Of(each.Calls.Hedged, Tag(MetricTags.Outcome, "made")), each.Of(each.Calls.HedgesWon, Tag(MetricTags.Outcome, "won")), each.Of(each.Calls.HedgesDenied, Tag(MetricTags.Outcome, "denied"))]);
        AddCounter("orleanspool.request.fallbacks", "{request}", "Calls that went on to the fallback endpoint.", each => [each.Of(each.Calls.FellBack)]);
        AddCounter("orleanspool.leak.detected", "{lease}", "Calls that held their connection for longer than Pool:LeakThreshold.", each => [each.Of(each.Pool.Totals.Leaked)]);
    }

    private void AddAddresses()
    {
        _meter.CreateObservableGauge("orleanspool.upstream.health", () => Of(Health), null, "1 for the state an address is in, 0 for the others.");
        _meter.CreateObservableGauge("orleanspool.circuit.state", () => Of(Circuits), null, "1 for the state of an address's circuit breaker, which failed attempts to connect open, 0 for the other.");
        AddCounter("orleanspool.upstream.ejections", "{ejection}", "Addresses left out for a while, by reason.",
            each => each.Pool.Totals.Ejected.Select(ejected => each.Of(ejected.Value, Tag(MetricTags.Reason, MetricTags.ValueOf(ejected.Key)))));
    }

    private void AddJsonRpc() => AddCounter("orleanspool.jsonrpc.dropped", "{message}", "JSON-RPC: what came and was passed on to nobody, by kind.", each => each.JsonRpc is not { } totals ? [] :
    [
        each.Of(totals.LateReplies, Tag(MetricTags.Kind, "late_reply")),
        each.Of(totals.UnknownReplies, Tag(MetricTags.Kind, "unknown_reply")),
        each.Of(totals.Notifications, Tag(MetricTags.Kind, "notification")),
        each.Of(totals.Requests, Tag(MetricTags.Kind, "request")),
        each.Of(totals.Cancels, Tag(MetricTags.Kind, "cancel")),
    ]);

    private static IEnumerable<Measurement<long>> States(EndpointReading each)
    {
        (string State, int Count)[] states = [("idle", each.Pool.Idle), ("used", each.Pool.Busy), ("connecting", each.Pool.Connecting), ("draining", each.Pool.Draining)];
        return states.Select(state => each.Of((long)state.Count, Tag(MetricTags.ConnectionState, state.State), Tag(MetricTags.Protocol, each.Protocol)));
    }

    private static IEnumerable<Measurement<int>> Health(EndpointReading each) =>
        from address in each.Pool.Addresses
        from phase in Enum.GetValues<AddressPhase>()
        select each.Of(address.Phase == phase ? 1 : 0, Tag(MetricTags.Address, address.Address), Tag(MetricTags.State, MetricTags.ValueOf(phase)));

    private static IEnumerable<Measurement<int>> Circuits(EndpointReading each) => each.Pool.Addresses.SelectMany(address =>
        new[] { Circuit(each, address, "closed", address.IsConnectable), Circuit(each, address, "open", !address.IsConnectable) });

    private static Measurement<int> Circuit(EndpointReading each, AddressSnapshot address, string state, bool isIn) =>
        each.Of(isIn ? 1 : 0, Tag(MetricTags.Address, address.Address), Tag(MetricTags.State, state));

    private void AddUpDown(string name, string unit, string description, Func<EndpointReading, IEnumerable<Measurement<long>>> values) =>
        _meter.CreateObservableUpDownCounter(name, () => Of(values), unit, description);

    private void AddCounter(string name, string unit, string description, Func<EndpointReading, IEnumerable<Measurement<long>>> values) =>
        _meter.CreateObservableCounter(name, () => Of(values), unit, description);

    private IEnumerable<Measurement<T>> Of<T>(Func<EndpointReading, IEnumerable<Measurement<T>>> values)
        where T : struct => _endpoints.Now.SelectMany(values);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
