using OrleansPool.Client.Lanes;
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

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var head = new RequestHead(request, clientId);
        if (!head.IsWithinLimits) return Replies.Failed(request, HeadersTooLarge(), head.IsGrpc);
        var body = request.Content is null ? null : await RequestBody.TakeAsync(request.Content, cancellationToken).ConfigureAwait(false);
        try
        {
            var reply = await SendAsync(new RoutedCall(request, head, body, time, cancellationToken)).ConfigureAwait(false);
            if (reply.Response is not null) return Kept(reply.Response, cancellationToken);
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

    // A caller that left just as the answer came gets what it gets at any other moment, and nobody else would dispose of the answer.
    private static HttpResponseMessage Kept(HttpResponseMessage response, CancellationToken caller)
    {
        if (!caller.IsCancellationRequested) return response;
        response.Dispose();
        throw new OperationCanceledException(caller);
    }

    private static CallFailure HeadersTooLarge() =>
        new(FailureCode.HeadersTooLarge, $"The request's target and headers have more than {WireLimits.MaxHeaderChars} characters; they were not sent.") { Stage = Stage.Route };
}
