using System.IO.Pipelines;
using OrleansPool.Client.Lanes;
using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Routed;

/// <summary>
/// One request on its way. A request that is here whole goes in one grain call, and so does its answer when it is small and quick; anything else is
/// carried in pieces. Attempted again only when a silo turned it away before a byte of its body was taken.
/// </summary>
internal sealed class RoutedCall(HttpRequestMessage request, RequestHead head, RequestBody? body, TimeProvider time, CancellationToken caller)
{
    /// <summary>Sends the request by <paramref name="lane"/>. Failures are returned; only the caller's own cancellation throws.</summary>
    /// <param name="lane">The way to a silo.</param>
    /// <param name="isLast">True when there is no other attempt: a silo that shuts down is to hand the call over instead of turning it away.</param>
    public async ValueTask<RoutedReply> AttemptAsync(Lane lane, bool isLast)
    {
        var use = lane.Use(caller);
        try
        {
            return body?.Reader is { } pieces
                ? await StreamAsync(pieces, lane, use, isLast).ConfigureAwait(false)
                : await CallAsync(lane, use, isLast).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            use.Dispose();
            if (caller.IsCancellationRequested) throw;
            return use.IsLost ? RoutedFailures.Lost() : RoutedFailures.From(e);
        }
    }

    private async ValueTask<RoutedReply> CallAsync(Lane lane, LaneUse use, bool isLast)
    {
        var reply = await lane.Calls.Call(head.ToCall(body?.Whole, mayBeHandedOver: isLast), use.Token).ConfigureAwait(false);
        if (reply.Rest is { } rest)
        {
            lane.HeardFrom(reply.SiloRun);
            body?.Recycle();
            return Continue(reply.First, new RoutedStream(lane, use, rest, time));
        }

        use.Dispose();
        if (reply.First.Status == 0) return Refused(lane, reply.SiloRun, reply.First.Failure!);
        lane.HeardFrom(reply.SiloRun);
        body?.Recycle();
        return Whole(reply.First);
    }

    private async ValueTask<RoutedReply> StreamAsync(PipeReader pieces, Lane lane, LaneUse use, bool isLast)
    {
        var stream = new RoutedStream(lane, use, Guid.NewGuid(), time, isSession: request.Method.Method is TcpMethods.Session);
        try
        {
            var opened = await stream.OpenAsync(head, mayBeHandedOver: isLast).ConfigureAwait(false);
            if (opened.Failure is null)
            {
                lane.HeardFrom(opened.SiloRun);
                stream.BeginSend(pieces);
                return await AwaitHeadAsync(stream, use).ConfigureAwait(false);
            }

            await stream.DisposeAsync().ConfigureAwait(false);
            return Refused(lane, opened.SiloRun, opened.Failure);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<RoutedReply> AwaitHeadAsync(RoutedStream stream, LaneUse use)
    {
        var first = await stream.ReadAsync(use.Token).ConfigureAwait(false);
        if (first is { Status: not 0, Trailers: null, Failure: null }) return Continue(first, stream);
        await stream.DisposeAsync().ConfigureAwait(false);
        return first.Status == 0 ? first.Failure!.ToFailure() : Whole(first);
    }

    private static RoutedReply Refused(Lane lane, int siloRun, FailureMessage failure)
    {
        var isTurnedAway = failure.Code == (int)FailureCode.Draining;
        lane.HeardFrom(siloRun, isTurnedAway);
        return new RoutedReply(null, failure.ToFailure(), isTurnedAway);
    }

    private RoutedReply Whole(PieceMessage only)
    {
        // Nothing has been seen of an answer that broke off; only gRPC has a place for messages and a failure behind them.
        var failure = only.Failure?.ToFailure();
        if (failure is not null && !head.IsGrpc) return failure;
        var bytes = failure is null ? only.Bytes : only.Bytes[..MessageBoundary.LastIn(only.Bytes.Span)];
        var response = Replies.Begin(request, only, new ReadOnlyMemoryContent(bytes));
        Replies.AddTrailers(response, failure is null ? new HeaderBlock(only.Trailers ?? []) : FailureReply.GrpcTrailers(failure));
        return response;
    }

    private HttpResponseMessage Continue(PieceMessage first, RoutedStream stream)
    {
        stream.Prefetch();
        var content = new RoutedBody(stream, first.Bytes, head.IsGrpc);
        var response = Replies.Begin(request, first, new StreamContent(content));
        content.Response = response;
        return response;
    }
}
