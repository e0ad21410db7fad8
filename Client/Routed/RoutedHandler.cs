using OrleansPool.Client.Lanes;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Routed;

/// <summary>
/// Carries requests through the cluster. A request that is here whole goes in one grain call, and so does its answer when it is small and quick; anything
/// else is carried in pieces. Failures come back as responses, as the ingress would give them; only the caller's own cancellation throws. Thread-safe.
/// </summary>
internal sealed class RoutedHandler(LaneSet lanes, TimeProvider time) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var head = new RequestHead(request);
        if (!head.IsWithinLimits) return Replies.Failed(request, HeadersTooLarge(), head.IsGrpc);
        var body = request.Content is null ? null : await RequestBody.TakeAsync(request.Content, cancellationToken).ConfigureAwait(false);
        var lane = await lanes.ChooseAsync().ConfigureAwait(false);
        if (lane.IsSuspect)
        {
            body?.Abandon();
            return Replies.Failed(request, RoutedFailures.Unreachable(), head.IsGrpc);
        }

        var use = lane.Use(cancellationToken);
        try
        {
            return body?.Reader is null
                ? await CallAsync(request, head, body, lane, use).ConfigureAwait(false)
                : await StreamAsync(request, head, body, lane, use).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = use.IsLost ? RoutedFailures.Lost() : RoutedFailures.From(e);
            use.Dispose();
            body?.Abandon();
            return Replies.Failed(request, failure, head.IsGrpc);
        }
        catch
        {
            use.Dispose();
            body?.Abandon();
            throw;
        }
    }

    private async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, RequestHead head, RequestBody? body, Lane lane, LaneUse use)
    {
        var reply = await lane.Calls.Call(head.ToCall(body?.Whole), use.Token).ConfigureAwait(false);
        lane.HeardFrom(reply.SiloRun);
        body?.Recycle();
        var first = reply.First;
        if (first.Status == 0)
        {
            use.Dispose();
            return Replies.Failed(request, first.Failure!.ToFailure(), head.IsGrpc);
        }

        if (reply.Rest is { } rest) return Continue(request, first, new RoutedStream(lane, use, rest, time), head.IsGrpc);
        use.Dispose();
        return Whole(request, first, head.IsGrpc);
    }

    private async Task<HttpResponseMessage> StreamAsync(HttpRequestMessage request, RequestHead head, RequestBody body, Lane lane, LaneUse use)
    {
        var stream = new RoutedStream(lane, use, Guid.NewGuid(), time);
        var refusal = await stream.OpenAsync(head).ConfigureAwait(false);
        if (refusal is not null)
        {
            body.Abandon();
            return Replies.Failed(request, refusal.ToFailure(), head.IsGrpc);
        }

        _ = stream.SendAsync(body.Reader!);
        return await AwaitHeadAsync(request, stream, head.IsGrpc, use).ConfigureAwait(false);
    }

    private static async Task<HttpResponseMessage> AwaitHeadAsync(HttpRequestMessage request, RoutedStream stream, bool isGrpc, LaneUse use)
    {
        try
        {
            var first = await stream.ReadAsync(use.Token).ConfigureAwait(false);
            if (first.Status != 0) return first.Trailers is null && first.Failure is null ? Continue(request, first, stream, isGrpc) : await EndAsync(request, first, stream, isGrpc).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
            return Replies.Failed(request, first.Failure!.ToFailure(), isGrpc);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<HttpResponseMessage> EndAsync(HttpRequestMessage request, PieceMessage only, RoutedStream stream, bool isGrpc)
    {
        await stream.DisposeAsync().ConfigureAwait(false);
        return Whole(request, only, isGrpc);
    }

    private static HttpResponseMessage Whole(HttpRequestMessage request, PieceMessage only, bool isGrpc)
    {
        // Nothing has been seen of an answer that broke off; only gRPC has a place for messages and a failure behind them.
        var failure = only.Failure?.ToFailure();
        if (failure is not null && !isGrpc) return Replies.Failed(request, failure, isGrpc);
        var response = Replies.Begin(request, only, new ReadOnlyMemoryContent(only.Bytes));
        Replies.AddTrailers(response, failure is null ? new HeaderBlock(only.Trailers ?? []) : FailureReply.GrpcTrailers(failure));
        return response;
    }

    private static HttpResponseMessage Continue(HttpRequestMessage request, PieceMessage first, RoutedStream stream, bool isGrpc)
    {
        stream.Prefetch();
        var body = new RoutedBody(stream, first.Bytes, isGrpc);
        var response = Replies.Begin(request, first, new StreamContent(body));
        body.Response = response;
        return response;
    }

    private static CallFailure HeadersTooLarge() =>
        new(FailureCode.HeadersTooLarge, $"The request's target and headers have more than {WireLimits.MaxHeaderChars} characters; they were not sent.") { Stage = Stage.Route };
}
