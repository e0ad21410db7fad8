using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using OrleansPool.Core.Calls.JsonRpc;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Gateway.Ports;

/// <summary>The port of a JSON-RPC endpoint whose callers share connections, for clients of any language (<see cref="JsonRpcCaller"/>). Thread-safe.</summary>
/// <param name="endpoint">Whom its callers call.</param>
/// <param name="options">The endpoint's options, which have been checked.</param>
/// <param name="maxCalls">Calls at once on one connection.</param>
/// <param name="time">Clock.</param>
/// <param name="log">Where faults are told.</param>
internal sealed class JsonRpcPort(Endpoint endpoint, JsonRpcOptions options, int maxCalls, TimeProvider time, PortLog log) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var watch = new CallerWatch(connection, time);
        using var caller = new JsonRpcCaller(endpoint, options, maxCalls, connection.Transport) { Name = CallerAddress.Of(connection) };
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        try
        {
            await caller.ServeAsync(closing, watch.Left).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            log.CallFault(endpoint.Name, e);
            connection.Abort(new ConnectionAbortedException("The pool failed to carry the call; its log says why."));
        }
    }
}
