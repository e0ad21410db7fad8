using System.Buffers;
using System.IO.Pipelines;
using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains.Forwarding;

/// <summary>
/// This silo's end of a call that another one carries in pieces: one write and one read under way at a time, which is all the backpressure there is.
/// <see cref="StreamSession"/> is the other end.
/// </summary>
internal sealed class ForwardedStream : IAsyncDisposable
{
    private readonly IStreamGrain _grain;
    private readonly Guid _key;
    private readonly PeerUse _use;
    private readonly ITimer _keepAlive;
    private Task _sending = Task.CompletedTask;
    private bool _isSession;
    private volatile CallFailure? _sourceFailure;
    private volatile bool _isReading;
    private volatile bool _isOver;

    public ForwardedStream(IStreamGrain grain, Guid key, PeerUse use, TimeProvider time)
    {
        (_grain, _key, _use) = (grain, key, use);
        var period = StreamOptions.TimeToLive / 3;
        _keepAlive = time.CreateTimer(static stream => ((ForwardedStream)stream!).KeepAlive(), this, period, period);
    }

    /// <summary>Begins the call at the other silo, and begins to send its body. Not null when that silo turned it away; then none of the body was taken.</summary>
    public async ValueTask<CallFailure?> OpenAsync(CallRequest request, TimeSpan? timeLeft, bool handsOver)
    {
        var opened = await _grain.Open(request.ToForwardedOpen(_key, timeLeft, handsOver)).AsTask().WaitAsync(_use.Token).ConfigureAwait(false);
        _use.Heard();
        _isOver = opened.Failure is not null;
        _isSession = request.Method is TcpMethods.Session;
        if (!_isOver) _sending = SendAsync(request);
        return opened.Failure?.ToFailure();
    }

    /// <summary>The next piece that says something. Never throws: failures are pieces.</summary>
    public async ValueTask<PieceMessage> ReadAsync()
    {
        _isReading = true;
        PieceMessage piece;
        do
        {
            piece = await FetchAsync().ConfigureAwait(false);
        }
        while (piece is { Status: 0, Bytes.IsEmpty: true, Trailers: null, Failure: null });

        _isReading = false;
        return piece;
    }

    /// <summary>After the response's end: completes when a session's request has ended, or the session itself over there; at once for any other call. Never fails.</summary>
    public Task WhenRequestDoneAsync() => _isSession ? _sending : Task.CompletedTask;

    /// <summary>Ends the call if it is not over, and returns when the request's body is no longer read. Does not wait for the other silo to know.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keepAlive.DisposeAsync().ConfigureAwait(false);

        // A session whose upstream has ended is not over while its caller may still send.
        if (!(_isOver && _sending.IsCompleted) && !_use.IsLost) _ = TellAsync(() => _grain.Close(_key));
        _use.Dispose();
        await _sending.ConfigureAwait(false);
    }

    private async ValueTask<PieceMessage> FetchAsync()
    {
        try
        {
            var piece = await _grain.Read(_key).AsTask().WaitAsync(_use.Token).ConfigureAwait(false);
            _use.Heard();
            _isOver |= piece.Trailers is not null || piece.Failure is not null;

            // The call was closed because its source failed: that, and not the close, is what the caller should hear of.
            return piece.Failure is not null && _sourceFailure is { } cause ? Failed(cause) : piece;
        }
        catch (Exception e)
        {
            return Failed(_sourceFailure ?? _use.FailureOf(e));
        }
    }

    private async Task SendAsync(CallRequest request)
    {
        try
        {
            while (await SendPieceAsync(request).ConfigureAwait(false))
            {
            }
        }
        catch (Exception)
        {
            // Whoever reads the answer learns what happened; nobody waits for this.
            if (_sourceFailure is not null) await TellAsync(() => _grain.Close(_key)).ConfigureAwait(false);
        }
    }

    private async Task<bool> SendPieceAsync(CallRequest request)
    {
        var body = request.BodyReader!;
        var read = await ReadSourceAsync(body).ConfigureAwait(false);
        request.BodyWasTouched |= !read.Buffer.IsEmpty;
        var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, WireLimits.MaxBodyBytes));
        var isLast = read.IsCompleted && piece.Length == read.Buffer.Length;
        var bytes = piece.ToArray();
        body.AdvanceTo(piece.End);
        var written = await _grain.Write(new WriteMessage { Stream = _key, Bytes = bytes, IsLast = isLast }).AsTask().WaitAsync(_use.Token).ConfigureAwait(false);
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
            _sourceFailure = new CallFailure(FailureCode.CallerAborted, $"The request's body ended in an error: {e.Message}");
            throw;
        }
    }

    // A read under way is sign of life enough; between two of them the caller may take his time.
    private void KeepAlive()
    {
        if (_isOver && !_sending.IsCompleted) _ = EndWithSessionAsync();
        else if (!_isReading && !_isOver) _ = TellAsync(() => _grain.KeepAlive(_key));
    }

    // The upstream has ended. The other silo says when it has waited long enough for this side's end, and until then a read keeps the session alive.
    private async Task EndWithSessionAsync()
    {
        var piece = await FetchAsync().ConfigureAwait(false);
        if (piece.Failure is not null) _use.Dispose();
    }

    private static PieceMessage Failed(CallFailure failure) => new() { Failure = failure.ToMessage() };

    // The call itself is inside, too: a silo that has stopped throws at once, and on a timer's thread that would end the process.
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
