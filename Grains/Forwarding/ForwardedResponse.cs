using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains.Forwarding;

/// <summary>
/// The answer to a call that another silo makes. Whole requests go in one grain call, and so do answers that are small and quick; all else goes in pieces,
/// by a <see cref="ForwardedStream"/>.
/// </summary>
internal sealed class ForwardedResponse(IPoolGrain calls, IStreamGrain streams, PeerUse use, TimeProvider time) : CallResponse
{
    private ForwardedStream? _stream;
    private ReadOnlyMemory<byte> _bytes;
    private CallFailure? _failure;
    private int _status;
    private HeaderBlock _headers = new(0);
    private HeaderBlock _trailers = new(0);
    private bool _isLast;

    public override int Status => _status;

    public override HeaderBlock Headers => _headers;

    public override HeaderBlock Trailers => _trailers;

    /// <summary>Sends the call; null when the answer's head is here, else why there is none.</summary>
    public async ValueTask<CallFailure?> BeginAsync(CallRequest request, TimeSpan? timeLeft, bool handsOver)
    {
        try
        {
            var failure = request.BodyReader is null
                ? await CallAsync(request.ToForwardedCall(timeLeft, handsOver)).ConfigureAwait(false)
                : await OpenAsync(request, timeLeft, handsOver).ConfigureAwait(false);
            return failure ?? (_status == 0 ? _failure : null);
        }
        catch (Exception e)
        {
            return use.FailureOfFirst(e);
        }
    }

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer) => _bytes.IsEmpty && !_isLast ? FetchAsync(buffer) : new(Next(buffer));

    public override Task WhenRequestDoneAsync() => _stream?.WhenRequestDoneAsync() ?? Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync().ConfigureAwait(false);
        use.Dispose();
    }

    private async ValueTask<CallFailure?> CallAsync(CallMessage call)
    {
        var reply = await calls.Call(call, use.Token).ConfigureAwait(false);
        use.Heard();
        if (reply.Rest is { } rest) _stream = new ForwardedStream(streams, rest, use, time);
        Take(reply.First);
        return null;
    }

    private async ValueTask<CallFailure?> OpenAsync(CallRequest request, TimeSpan? timeLeft, bool handsOver)
    {
        _stream = new ForwardedStream(streams, Guid.NewGuid(), use, time);
        var refusal = await _stream.OpenAsync(request, timeLeft, handsOver).ConfigureAwait(false);
        if (refusal is null) Take(await _stream.ReadAsync().ConfigureAwait(false));
        return refusal;
    }

    private async ValueTask<BodyRead> FetchAsync(Memory<byte> buffer)
    {
        while (_bytes.IsEmpty && !_isLast) Take(await _stream!.ReadAsync().ConfigureAwait(false));
        return Next(buffer);
    }

    private BodyRead Next(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _bytes.Length);
        _bytes[..count].CopyTo(buffer);
        _bytes = _bytes[count..];
        return count == 0 && _failure is not null ? new BodyRead(_failure) : new BodyRead(count);
    }

    private void Take(PieceMessage piece)
    {
        if (piece.Status != 0) (_status, _headers) = (piece.Status, new HeaderBlock(piece.Headers ?? []));
        _bytes = piece.Bytes;
        _failure = piece.Failure?.ToFailure();
        if (piece.Trailers is not null) _trailers = new HeaderBlock(piece.Trailers);
        _isLast = piece.Trailers is not null || piece.Failure is not null;
    }
}
