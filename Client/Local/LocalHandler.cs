using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Client.Local;

/// <summary>
/// Carries requests over channels that this process holds itself: no message to anybody but the upstream. Failures come back as responses, as by every other
/// way; only the caller's own cancellation throws. Thread-safe.
/// </summary>
/// <param name="endpoint">Whom to call.</param>
/// <param name="clientId">Who calls, where the queue is fair to callers.</param>
/// <param name="detour">The way for calls for which there is no share here; null where the endpoint finds one itself, as in a silo.</param>
internal sealed class LocalHandler(Endpoint endpoint, string? clientId, Detour? detour) : HttpMessageHandler
{
    private readonly bool _speaksHttp = endpoint.Protocol.IsHttp();

    // Where the upstream speaks HTTP, too, a request whose body is in memory goes as it is; of any other the body is asked for first.
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AmbientTrace.Tell(request);
        return _speaksHttp && CallerMessage.TryRead(request, out var own)
            ? SendAsync(request, new CallRequest(own) { ClientId = clientId }, null, cancellationToken)
            : TakeBodyAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> TakeBodyAsync(HttpRequestMessage request, CancellationToken caller)
    {
        var body = request.Content is null ? null : await RequestBody.TakeAsync(request.Content, caller).ConfigureAwait(false);
        return await SendAsync(request, CallOf(request, body), body, caller).ConfigureAwait(false);
    }

    // A body that is whole by now, as a gRPC client's message is, goes with its own message, too.
    private CallRequest CallOf(HttpRequestMessage request, RequestBody? body) =>
        _speaksHttp && body is { Reader: null } && CallerMessage.TryRead(request, body.Whole, out var own)
            ? new CallRequest(own) { ClientId = clientId }
            : new RequestHead(request, clientId).ToRequest(body);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CallRequest call, RequestBody? body, CancellationToken caller)
    {
        try
        {
            var result = await endpoint.CallAsync(call, caller).ConfigureAwait(false);
            if (result.Response is { } answer) return Replies.Kept(LocalContent.Begin(request, answer, call.IsGrpc, caller), caller);
            if (detour is not null && call.CanRepeat && IsForOthers(result.Failure!)) return await detour.SendAsync(request, body, caller).ConfigureAwait(false);
            body?.Abandon();
            caller.ThrowIfCancellationRequested();
            return Replies.Failed(request, result.Failure!, call.IsGrpc);
        }
        catch
        {
            body?.Abandon();
            throw;
        }
    }

    private static bool IsForOthers(CallFailure failure) => failure.Code is FailureCode.ShareElsewhere or FailureCode.Draining;
}
