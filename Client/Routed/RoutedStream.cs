using System.Buffers;
using System.IO.Pipelines;
using OrleansPool.Client.Lanes;
using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Routed;

/// <summary>
/// The client's end of a call that is carried in pieces. One write and one read are under way at a time; the next read starts when the last piece came,
/// so that a living reader is heard of, and no piece is fetched before the one before it was taken.
/// </summary>
internal sealed class RoutedStream : IAsyncDisposable
{
    private readonly Lane _lane;
    private readonly LaneUse _use;
    private readonly Guid _key;
    private readonly bool _isSession;
    private readonly ITimer _keepAlive;
    private Task _sending = Task.CompletedTask;
    private Task _opening = Task.CompletedTask;
    private Task<PieceMessage>? _next;
    private volatile FailureMessage? _sourceFailure;
    private int _isEnded;

    /// <summary>The client's end of the stream under <paramref name="key"/>.</summary>
    /// <param name="lane">The way to its silo.</param>
    /// <param name="use">The call's use of that.</param>
    /// <param name="key">Its key there.</param>
    /// <param name="time">Clock.</param>
    /// <param name="isSession">True for a TCP session, whose request may go on after its response has ended.</param>
    public RoutedStream(Lane lane, LaneUse use, Guid key, TimeProvider time, bool isSession = false)
    {
        (_lane, _use, _key, _isSession) = (lane, use, key, isSession);

        // Weak: a response that its owner forgot to dispose must not be kept alive, here and upstream, by its own keep-alive.
        var period = StreamOptions.TimeToLive / 3;
        _keepAlive = time.CreateTimer(static weak => KeepAlive((WeakReference<RoutedStream>)weak!), new WeakReference<RoutedStream>(this), period, period);
    }

    /// <summary>Begins the call at the silo.</summary>
    public async ValueTask<OpenedMessage> OpenAsync(RequestHead head, bool mayBeHandedOver)
    {
        var opening = _lane.Streams.Open(head.ToOpen(_key, mayBeHandedOver)).AsTask();
        _opening = opening;
        var opened = await opening.WaitAsync(_use.Token).ConfigureAwait(false);
        if (opened.Failure is not null) Volatile.Write(ref _isEnded, 1);
        return opened;
    }

    /// <summary>Begins to fetch the next piece, unless that is being done.</summary>
    public void Prefetch() => _next ??= FetchAsync();

    /// <summary>The next piece that says something.</summary>
    public async ValueTask<PieceMessage> ReadAsync(CancellationToken cancellation)
    {
        Prefetch();
        var piece = await _next!.WaitAsync(cancellation).ConfigureAwait(false);
        _next = null;
        if (piece.Failure is not null || piece.Trailers is not null) Volatile.Write(ref _isEnded, 1);
        else Prefetch();
        return piece;
    }

    /// <summary>Begins to send a request's body as it comes, until it ends or the call does.</summary>
    public void BeginSend(PipeReader body) => _sending = SendAsync(body);

    /// <summary>Nobody reads any more. Where the response has ended, what a session has written before goes all the same; else it ends the call.</summary>
    public async ValueTask EndAsync()
    {
        if (IsHalfOpen) await _sending.ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the call if it is not over. Does not wait for the silo to know.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keepAlive.DisposeAsync().ConfigureAwait(false);
        var isOver = Interlocked.Exchange(ref _isEnded, 2) != 0 && !IsHalfOpen;
        if (!isOver && !_use.IsLost) _ = CloseAsync();
        _use.Dispose();
    }

    // The upstream of a session has ended, and its caller has not.
    private bool IsHalfOpen => _isSession && Volatile.Read(ref _isEnded) != 0 && !_sending.IsCompleted;

    private async Task SendAsync(PipeReader body)
    {
        try
        {
            while (await SendPieceAsync(body).ConfigureAwait(false))
            {
            }

            await body.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The reader of the response learns what happened; the writer of the request only that it is over.
            await body.CompleteAsync(e).ConfigureAwait(false);
            if (e is not OperationCanceledException) await DisposeAsync().ConfigureAwait(false);
        }
    }

    // After the opening, which may still be on its way: a close that overtook it would close nothing.
    private async Task CloseAsync()
    {
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await TellAsync(() => _lane.Streams.Close(_key)).ConfigureAwait(false);
    }

    private async Task<bool> SendPieceAsync(PipeReader body)
    {
        var read = await ReadSourceAsync(body).ConfigureAwait(false);
        var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, WireLimits.MaxBodyBytes));
        var isLast = read.IsCompleted && piece.Length == read.Buffer.Length;
        var bytes = piece.ToArray();
        body.AdvanceTo(piece.End);
        var written = await _lane.Streams.Write(new WriteMessage { Stream = _key, Bytes = bytes, IsLast = isLast }).AsTask().WaitAsync(_use.Token).ConfigureAwait(false);
        return !isLast && written.Failure is null;
    }

    private async ValueTask<ReadResult> ReadSourceAsync(PipeReader body)
    {
        try
        {
            return await body.ReadAsync(_use.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _sourceFailure = Message(new CallFailure(FailureCode.CallerAborted, $"The request's body ended in an error: {e.Message}"));
            throw;
        }
    }

    private async Task<PieceMessage> FetchAsync()
    {
        while (true)
        {
            PieceMessage piece;
            try
            {
                piece = await _lane.Streams.Read(_key).AsTask().WaitAsync(_use.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || _use.IsLost)
            {
                // A caller who leaves gets his own cancellation back; everything else is an outcome.
                return new PieceMessage { Failure = Message(_use.IsLost ? RoutedFailures.Lost() : RoutedFailures.From(e)) };
            }

            _use.Heard();

            // The call was closed because its source failed: that, and not the close, is what the caller should hear of.
            if (piece.Failure is not null && _sourceFailure is { } cause) return new PieceMessage { Failure = cause };

            if (piece.Status != 0 || !piece.Bytes.IsEmpty || piece.Trailers is not null || piece.Failure is not null) return piece;
        }
    }

    private static FailureMessage Message(CallFailure failure) =>
        new() { Code = (int)failure.Code, Stage = (int)failure.Stage, GrpcStatus = (int)failure.GrpcStatus, Detail = failure.Detail };

    private static void KeepAlive(WeakReference<RoutedStream> weak)
    {
        // A fetch under way is sign of life enough; one that is done waits for a reader who takes his time.
        if (weak.TryGetTarget(out var stream) && (stream.IsHalfOpen || (stream._next is { IsCompleted: true } && Volatile.Read(ref stream._isEnded) == 0)))
            _ = TellAsync(() => stream._lane.Streams.KeepAlive(stream._key));
    }

    // The call itself is inside, too: an Orleans client that was stopped throws at once, and on a timer's thread that would end the process.
    private static async Task TellAsync(Func<ValueTask> message)
    {
        try
        {
            await message().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A word that did not arrive is made up for by the stream's time to live.
        }
    }
}
