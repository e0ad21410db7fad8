using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls;
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
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var head = new RequestHead(request, clientId);
        var body = request.Content is null ? null : await RequestBody.TakeAsync(request.Content, cancellationToken).ConfigureAwait(false);
        try
        {
            var call = head.ToRequest(body);
            var result = await endpoint.CallAsync(call, cancellationToken).ConfigureAwait(false);
            if (result.Response is { } answer) return Replies.Kept(LocalContent.Begin(request, answer, head.IsGrpc, cancellationToken), cancellationToken);
            if (detour is not null && call.CanRepeat && IsForOthers(result.Failure!)) return await detour.SendAsync(request, head, body, cancellationToken).ConfigureAwait(false);
            body?.Abandon();
            cancellationToken.ThrowIfCancellationRequested();
            return Replies.Failed(request, result.Failure!, head.IsGrpc);
        }
        catch
        {
            body?.Abandon();
            throw;
        }
    }

    private static bool IsForOthers(CallFailure failure) => failure.Code is FailureCode.ShareElsewhere or FailureCode.Draining;
}
