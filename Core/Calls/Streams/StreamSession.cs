using System.IO.Pipelines;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls.Streams;

/// <summary>
/// One call that is carried in pieces: the client writes the request's body and reads the response, one of each at a time. Order and backpressure come
/// from that alone: a write completes when the upstream has taken the piece, or nearly so, and nothing is read ahead. Whoever stops reading loses it.
/// </summary>
public sealed class StreamSession : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly Pipe? _request;
    private readonly Task<CallResult> _call;

    private ResponseReader? _reader;
    private bool _isHeadTold;
    private int _isWriting;
    private int _isDisposed;
    private long _lastRead;

    /// <summary>Begins a call whose request body is still to come.</summary>
    internal StreamSession(Endpoint endpoint, Func<PipeReader, CallRequest> request, TimeProvider time)
    {
        _time = time;
        _lastRead = time.GetTimestamp();
        _request = new Pipe(new PipeOptions(pauseWriterThreshold: StreamOptions.PieceSize, resumeWriterThreshold: StreamOptions.PieceSize / 2, useSynchronizationContext: false));
        _call = endpoint.CallAsync(request(_request.Reader), _ended.Token).AsTask();
    }

    /// <summary>Carries on a response whose head, and perhaps some bytes, were handed over already.</summary>
    internal StreamSession(ResponseReader reader, CancellationTokenSource ended, TimeProvider time)
    {
        (_time, _reader, _ended, _isHeadTold) = (time, reader, ended, true);
        _lastRead = time.GetTimestamp();
        _call = Task.FromResult(new CallResult(reader.Response));
    }

    /// <summary>True when nobody has been reading for longer than <see cref="StreamOptions.TimeToLive"/>.</summary>
    public bool IsAbandoned => _reading.CurrentCount == 1 && _time.GetElapsedTime(Volatile.Read(ref _lastRead)) > StreamOptions.TimeToLive;

    /// <summary>The next bytes of the request's body. Completes when there is room for more. One at a time.</summary>
    /// <returns>Null, or why there is no point in writing: the call is over, and a read says how.</returns>
    public async ValueTask<CallFailure?> WriteAsync(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        if (_request is null || Interlocked.Exchange(ref _isWriting, 1) == 1) return Misuse("write");
        try
        {
            var flushed = bytes.IsEmpty ? default : await _request.Writer.WriteAsync(bytes, _ended.Token).ConfigureAwait(false);
            if (isLast) await _request.Writer.CompleteAsync().ConfigureAwait(false);
            return flushed.IsCompleted ? CallIsOver() : null;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            return CallIsOver();
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    /// <summary>What came of the response; nothing when nothing came within <see cref="StreamOptions.ReadPatience"/>. One at a time.</summary>
    public async ValueTask<StreamPiece> ReadAsync()
    {
        if (!await _reading.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false)) return StreamPiece.Failed(Misuse("read"));
        try
        {
            return await ReadPieceAsync().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _lastRead, _time.GetTimestamp());
            _reading.Release();
        }
    }

    /// <summary>
    /// After the response's end: completes when there is nothing left of the request either, where the one does not end with the other (TCP sessions); else at once.
    /// Never fails.
    /// </summary>
    public Task WhenRequestDoneAsync() => _reader is { Failure: null, Response: var response } ? response.WhenRequestDoneAsync() : Task.CompletedTask;

    /// <summary>Tells that the reader lives though it has no use for more bytes yet.</summary>
    public void KeepAlive() => Volatile.Write(ref _lastRead, _time.GetTimestamp());

    /// <summary>Ends the call, wherever it is; what is still in flight upstream is reset.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await _ended.CancelAsync().ConfigureAwait(false);
        var result = await _call.ConfigureAwait(false);

        // A read that is under way ends with the call; the reader's buffer goes back after it, and no other read begins.
        await _reading.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        if (_reader is not null) await _reader.DisposeAsync().ConfigureAwait(false);
        else if (result.Response is not null) await result.Response.DisposeAsync().ConfigureAwait(false);
        if (_request is not null) await _request.Reader.CompleteAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    private async ValueTask<StreamPiece> ReadPieceAsync()
    {
        if (_reader is null)
        {
            try
            {
                await _call.WaitAsync(StreamOptions.ReadPatience, _time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return StreamPiece.Nothing;
            }

            var result = await _call.ConfigureAwait(false);
            if (result.Failure is not null) return StreamPiece.Failed(result.Failure);
            _reader = new ResponseReader(result.Response!, _time);
        }

        // The head goes at once: the caller may wait for it before it writes on.
        var bytes = await _reader.ReadSomeAsync(_isHeadTold ? StreamOptions.ReadPatience : StreamOptions.WorthwhilePause).ConfigureAwait(false);
        var (status, headers) = _isHeadTold ? (0, null) : (_reader.Response.Status, _reader.Response.Headers);
        _isHeadTold = true;
        var trailers = _reader is { IsOver: true, Failure: null } ? _reader.Response.Trailers : null;
        return new StreamPiece(status, headers, bytes, trailers, _reader.Failure);
    }

    private static CallFailure CallIsOver() => new(FailureCode.CallerAborted, "The call is over; read its outcome.");

    private static CallFailure Misuse(string what) => new(FailureCode.RequestInvalid, $"One {what} at a time is allowed on a stream that takes any.");
}
