using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using OrleansPool.Core.Calls.JsonRpc;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Gateway.Ports;

/// <summary>The port of a JSON-RPC endpoint whose callers have a connection each (<see cref="JsonRpcSession"/>). Thread-safe.</summary>
/// <param name="endpoint">Whom its callers call.</param>
/// <param name="options">The endpoint's options, which have been checked.</param>
/// <param name="maxCalls">Calls at once on one connection.</param>
/// <param name="time">Clock.</param>
/// <param name="log">Where faults are told.</param>
internal sealed class JsonRpcSessionPort(Endpoint endpoint, JsonRpcOptions options, int maxCalls, TimeProvider time, PortLog log) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var watch = new CallerWatch(connection, time);
        using var caller = new JsonRpcSession(endpoint, options, maxCalls, connection.Transport, time) { Name = CallerAddress.Of(connection) };
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        try
        {
            var failure = await caller.ServeAsync(closing, watch.Left).ConfigureAwait(false);
            if (failure is { Code: FailureCode.CallerCancelled }) log.CallerLeft(endpoint.Name, failure.Detail);
            else if (failure is not null) log.CallerCut(endpoint.Name, failure.ToString());
        }
        catch (Exception e)
        {
            log.CallFault(endpoint.Name, e);
            connection.Abort(new ConnectionAbortedException("The pool failed to carry the session; its log says why."));
        }
    }
}
