using System.IO.Pipelines;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>A request frame that is still arriving, on its way to the upstream.</summary>
internal sealed class FrameUpload(FrameScanner scanner, CallRequest request, PipeReader body)
{
    private bool _isComplete;

    /// <summary>Sends it as it comes, up to its end, which must be the end of the body.</summary>
    /// <param name="write">Takes the next piece; what it fails with ends the upload.</param>
    /// <param name="cancellation">Cancelled when it need not be sent any more.</param>
    /// <returns>Null, or why it was not sent whole; some of it may have been.</returns>
    public async ValueTask<CallFailure?> SendAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CallFailure?>> write, CancellationToken cancellation)
    {
        while (true)
        {
            var (read, aborted) = await ReadAsync(cancellation).ConfigureAwait(false);
            if (aborted is not null) return aborted;
            foreach (var piece in read.Buffer)
            {
                if (piece.IsEmpty) continue;
                var failure = Check(piece.Span) ?? await write(piece, cancellation).ConfigureAwait(false);
                if (failure is not null) return failure;
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return _isComplete ? null : FrameRules.NotOneFrame("The request ends before its frame does");
        }
    }

    private async ValueTask<(ReadResult Read, CallFailure? Aborted)> ReadAsync(CancellationToken cancellation)
    {
        request.BodyWasTouched = true;
        try
        {
            return (await body.ReadAsync(cancellation).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever the caller's side throws, it is the caller's.
            return (default, new CallFailure(FailureCode.CallerAborted, $"The caller's frame broke off: {e.Message}"));
        }
    }

    private CallFailure? Check(ReadOnlySpan<byte> piece)
    {
        var scan = _isComplete ? FrameScan.End(0) : scanner.Scan(piece);
        _isComplete |= scan.IsEnd;
        if (scan.Error is not null) return FrameRules.NotOneFrame(scan.Error);
        return scan.Count == piece.Length ? null : FrameRules.NotOneFrame("There are bytes behind the request's frame");
    }
}
