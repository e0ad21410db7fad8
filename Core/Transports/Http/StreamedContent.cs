using System.IO.Pipelines;
using System.Net;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// A body that is still arriving: each piece is written as it comes and flushed when no more is at hand, so that both sides can talk in turn. The
/// handler's flow control holds back the source; nothing piles up here.
/// </summary>
internal sealed class StreamedContent(CallRequest request, MessageGauge? gauge, bool isMultiplexed) : HttpContent
{
    private readonly PipeReader _source = request.BodyReader!;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private int _started;

    /// <summary>Set when reading from the caller failed: then the caller is to blame, not the upstream.</summary>
    public CallFailure? SourceFailure { get; private set; }

    /// <summary>True once the source is no longer read.</summary>
    public bool IsFinished => _finished.Task.IsCompleted;

    /// <summary>
    /// Stops sending, if that is not over yet, and waits until the source is no longer read. To be called when the call ends, however it ends.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _stopped.TrySetResult();
        await _finished.Task.ConfigureAwait(false);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0) throw new ChannelSpentException();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            await PumpAsync(stream, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (isMultiplexed && !_stopping.IsCancellationRequested)
        {
            // HTTP/2 only: the handler gave the call up because of what the peer said. It reports whatever ends first, so this must not be the end of the
            // body, which says nothing of why.
            await _stopped.Task.ConfigureAwait(false);
            throw;
        }
        finally
        {
            _finished.TrySetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task PumpAsync(Stream stream, CancellationToken cancellation)
    {
        while (true)
        {
            if (!_source.TryRead(out var read))
            {
                await stream.FlushAsync(cancellation).ConfigureAwait(false);
                read = await ReadSourceAsync(cancellation).ConfigureAwait(false);
            }

            request.BodyWasTouched |= !read.Buffer.IsEmpty;
            foreach (var piece in read.Buffer)
            {
                Measure(piece.Span);
                await stream.WriteAsync(piece, cancellation).ConfigureAwait(false);
            }

            _source.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || read.IsCanceled) return;
        }
    }

    private async ValueTask<ReadResult> ReadSourceAsync(CancellationToken cancellation)
    {
        try
        {
            return await _source.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            SourceFailure = new CallFailure(FailureCode.CallerAborted, $"The request's body ended in an error: {e.Message}");
            throw;
        }
    }

    private void Measure(ReadOnlySpan<byte> piece)
    {
        if (gauge is null || gauge.Fits(piece)) return;
        SourceFailure = gauge.TooLarge(FailureCode.RequestTooLarge);
        throw new InvalidDataException(SourceFailure.Detail);
    }
}
