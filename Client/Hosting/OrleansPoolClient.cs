using System.Collections.Concurrent;
using System.Text.Json;
using OrleansPool.Client.JsonRpc;
using OrleansPool.Client.Lanes;
using OrleansPool.Client.Local;
using OrleansPool.Client.Routed;
using OrleansPool.Client.Tcp;

namespace OrleansPool.Client.Hosting;

/// <summary>
/// The pool as seen from a client process: one for the process, made by <see cref="ServiceCollectionExtensions"/>. Thread-safe.
/// </summary>
public sealed class OrleansPoolClient : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<LaneSet>> _lanes = new(StringComparer.OrdinalIgnoreCase);
    private readonly IGrainFactory _grains;
    private readonly GatewayLinks _links;
    private readonly OrleansPoolClientOptions _options;
    private readonly string? _clientId;
    private readonly HeldEndpoints? _held;
    private readonly TimeProvider _time;

    internal OrleansPoolClient(IGrainFactory grains, GatewayLinks links, OrleansPoolClientOptions options, string? clientId, HeldEndpoints? held, TimeProvider time) =>
        (_grains, _links, _options, _clientId, _held, _time) = (grains, links, options, clientId, held, time);

    /// <summary>
    /// A handler that carries every request to <paramref name="endpoint"/>, whatever host its URI names: over this process's own channels where it holds the
    /// endpoint, else through the cluster. Give it to <see cref="HttpClient"/> or to a gRPC channel. Disposing it is not needed and closes nothing.
    /// </summary>
    public HttpMessageHandler CreateHandler(string endpoint) =>
        _held?.TryGet(endpoint) is not { } held ? NewRouted(endpoint)
        : new LocalHandler(held, _clientId, _held.NeedDetour ? new Detour(held, _held.Shares, NewRouted(endpoint)) : null);

    /// <summary>A client that calls <paramref name="endpoint"/>, whose protocol is JSON-RPC. Disposing of it is not needed.</summary>
    /// <param name="endpoint">Name of the endpoint.</param>
    /// <param name="json">How parameters and results are written. Default: <see cref="JsonSerializerOptions.Web"/>.</param>
    public JsonRpcClient CreateJsonRpcClient(string endpoint, JsonSerializerOptions? json = null) =>
        new(CreateHandler(endpoint), HttpClientBuilderExtensions.AddressOf(endpoint), json);

    /// <summary>A client that calls <paramref name="endpoint"/>, whose protocol is TCP, or JSON-RPC with sessions. Disposing of it is not needed.</summary>
    public TcpEndpointClient CreateTcpClient(string endpoint) => new(CreateHandler(endpoint), HttpClientBuilderExtensions.AddressOf(endpoint), _time);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var lanes in _lanes.Values.Where(lanes => lanes.IsValueCreated)) lanes.Value.Dispose();
    }

    internal void RenewLanes()
    {
        foreach (var lanes in _lanes.Values.Where(lanes => lanes.IsValueCreated)) lanes.Value.Renew();
    }

    private RoutedHandler NewRouted(string endpoint) => new(LanesOf(endpoint), _clientId, _time);

    private LaneSet LanesOf(string endpoint) =>
        _lanes.GetOrAdd(endpoint, name => new Lazy<LaneSet>(() => new LaneSet(name, _grains, _links, _options, _time))).Value;
}
