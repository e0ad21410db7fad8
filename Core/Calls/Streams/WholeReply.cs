using OrleansPool.Core.Model;

namespace OrleansPool.Core.Calls.Streams;

/// <summary>
/// The answer to a call that was sent whole: whole itself when the upstream finished soon enough, else what there is, and the key of a stream with the rest.
/// </summary>
/// <param name="First">Head, first bytes, and the end if it came.</param>
/// <param name="Rest">Key of the stream with the rest, or null when there is none.</param>
public readonly record struct WholeReply(StreamPiece First, Guid? Rest)
{
    /// <summary>Makes the call and collects its answer.</summary>
    /// <param name="endpoint">Whom to call.</param>
    /// <param name="request">The call, with its whole body.</param>
    /// <param name="streams">Where the rest goes if there is one.</param>
    /// <param name="time">Clock.</param>
    /// <param name="caller">Cancelled when the caller leaves; has no say over a rest any more.</param>
    public static async ValueTask<WholeReply> CollectAsync(Endpoint endpoint, CallRequest request, StreamTable streams, TimeProvider time, CancellationToken caller)
    {
        var ended = new CancellationTokenSource();
        var callerLeaves = caller.UnsafeRegister(static ended => ((CancellationTokenSource)ended!).Cancel(), ended);
        var result = await endpoint.CallAsync(request, ended.Token).ConfigureAwait(false);
        if (result.Response is null)
        {
            await callerLeaves.DisposeAsync().ConfigureAwait(false);
            return new WholeReply(StreamPiece.Failed(result.Failure!), null);
        }

        var reader = new ResponseReader(result.Response, time);
        var bytes = await reader.ReadUntilPauseAsync(StreamOptions.WorthwhilePause).ConfigureAwait(false);
        await callerLeaves.DisposeAsync().ConfigureAwait(false);
        var first = new StreamPiece(reader.Response.Status, reader.Response.Headers, bytes, reader is { IsOver: true, Failure: null } ? reader.Response.Trailers : null, reader.Failure);
        if (!reader.IsOver) return new WholeReply(first, streams.Add(new StreamSession(reader, ended, time)));
        await reader.DisposeAsync().ConfigureAwait(false);
        return new WholeReply(first, null);
    }
}
