using System.Text.Json;
using OrleansPool.Client.Hosting;
using OrleansPool.Core.Model;

namespace OrleansPool.Client.JsonRpc;

/// <summary>
/// Calls a JSON-RPC 2.0 endpoint through the pool: made by <c>OrleansPoolClient.CreateJsonRpcClient</c>. Each call goes by itself, over whichever connection has
/// room; ids are the pool's business. Cheap; still, keep one. Thread-safe.
/// </summary>
public sealed class JsonRpcClient
{
    private static readonly HttpMethod _call = new(JsonRpcMethods.Call);
    private static readonly HttpMethod _notify = new(JsonRpcMethods.Notify);

    // Of a handler that there is nothing to dispose of.
    private readonly Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> _send;
    private readonly Uri _address;
    private readonly JsonSerializerOptions _json;

    internal JsonRpcClient(HttpMessageHandler handler, Uri address, JsonSerializerOptions? json)
    {
        _send = new HttpMessageInvoker(handler, disposeHandler: false).SendAsync;
        (_address, _json) = (address, json ?? JsonSerializerOptions.Web);
    }

    /// <summary>Makes a call and waits for its result.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="parameters">What becomes the member <c>params</c>: an object or a list; null for none.</param>
    /// <param name="cancellation">Cancelled when nobody waits for the result any more; the upstream may still do the work.</param>
    /// <returns>The result; null when the upstream's is.</returns>
    /// <exception cref="JsonRpcErrorException">The upstream answered with an error.</exception>
    /// <exception cref="PoolCallException">The call failed in the pool or on its way; it says whether it may be repeated.</exception>
    /// <exception cref="ArgumentException"><paramref name="parameters"/> is neither an object nor a list once it is JSON.</exception>
    /// <exception cref="JsonException">The result is not of the type asked for.</exception>
    public async Task<TResult?> CallAsync<TResult>(string method, object? parameters = null, CancellationToken cancellation = default)
    {
        var answer = await SendAsync(_call, method, JsonRpcMessages.Request(method, parameters, _json), cancellation).ConfigureAwait(false);
        return JsonRpcMessages.ResultOf<TResult>(answer, _json);
    }

    /// <summary>Sends a notification. Done when it was handed to a connection; nobody knows whether the upstream did anything.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="parameters">What becomes the member <c>params</c>: an object or a list; null for none.</param>
    /// <param name="cancellation">Cancelled when it need not be sent any more.</param>
    /// <exception cref="PoolCallException">It failed in the pool or on its way.</exception>
    /// <exception cref="ArgumentException"><paramref name="parameters"/> is neither an object nor a list once it is JSON.</exception>
    public Task NotifyAsync(string method, object? parameters = null, CancellationToken cancellation = default) =>
        SendAsync(_notify, method, JsonRpcMessages.Notification(method, parameters, _json), cancellation);

    private async Task<byte[]> SendAsync(HttpMethod verb, string method, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(verb, new Uri(_address, $"/{method}")) { Content = new ReadOnlyMemoryContent(message) };
        using var response = await _send(request, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        return PoolCallException.Of(response, body) is { } failure ? throw failure : body;
    }
}
