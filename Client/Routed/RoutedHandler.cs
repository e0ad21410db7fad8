using OrleansPool.Client.Lanes;
using OrleansPool.Client.Messages;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Routed;

/// <summary>
/// Carries requests through the cluster. Failures come back as responses, as the ingress would give them; only the caller's own cancellation throws.
/// Thread-safe.
/// </summary>
internal sealed class RoutedHandler(LaneSet lanes, string? clientId, TimeProvider time) : HttpMessageHandler
{
    private const int MaxAttempts = 3;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AmbientTrace.Tell(request);
        return TakeApartAsync(request, cancellationToken);
    }

    /// <summary>Takes a request apart and sends it.</summary>
    internal async Task<HttpResponseMessage> TakeApartAsync(HttpRequestMessage request, CancellationToken caller)
    {
        var head = new RequestHead(request, clientId);
        var body = request.Content is null || !head.IsWithinLimits ? null : await RequestBody.TakeAsync(request.Content, caller).ConfigureAwait(false);
        return await SendAsync(request, head, body, caller).ConfigureAwait(false);
    }

    /// <summary>Sends a request whose body is in other hands already, and of which nothing was sent yet.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, RequestBody body, CancellationToken caller) =>
        SendAsync(request, new RequestHead(request, clientId), body, caller);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, RequestHead head, RequestBody? body, CancellationToken caller)
    {
        try
        {
            var reply = head.IsWithinLimits ? await SendAsync(new RoutedCall(request, head, body, time, caller)).ConfigureAwait(false) : HeadersTooLarge();
            if (reply.Response is not null) return Replies.Kept(reply.Response, caller);
            body?.Abandon();
            return Replies.Failed(request, reply.Failure!, head.IsGrpc);
        }
        catch
        {
            body?.Abandon();
            throw;
        }
    }

    private async ValueTask<RoutedReply> SendAsync(RoutedCall call)
    {
        for (var attempt = 1; ; attempt++)
        {
            var lane = await lanes.ChooseAsync().ConfigureAwait(false);
            if (lane is null) return RoutedFailures.Unreachable();

            // A lane whose silo is known to leave is only given when there is no other.
            var isLast = attempt == MaxAttempts || lane.IsLeaving;
            var reply = await call.AttemptAsync(lane, isLast).ConfigureAwait(false);
            if (!reply.IsTurnedAway || isLast) return reply;
        }
    }

    private static CallFailure HeadersTooLarge() =>
        new(FailureCode.HeadersTooLarge, $"The request's target and headers have more than {WireLimits.MaxHeaderChars} characters; they were not sent.") { Stage = Stage.Route };
}
