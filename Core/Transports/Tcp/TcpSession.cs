using System.Buffers;
using System.IO.Pipelines;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>
/// A connection in the hands of one caller: bytes pass both ways as they come, each side held back by the other. The end of what one sends is the end of what
/// the other reads, and no more than that. A session that is reset at its end leaves the channel clean; any other spoils it.
/// </summary>
internal sealed class TcpSession : UpstreamResponse
{
    private readonly TcpChannel _channel;
    private readonly TcpTransportSettings _settings;
    private readonly SessionReset? _reset;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _upload;
    private ITimer? _resetTime;
    private volatile CallFailure? _aborted;
    private volatile bool _isOver;

    public TcpSession(TcpChannel channel, TcpTransportSettings settings, CallRequest request)
    {
        (_channel, _settings) = (channel, settings);
        if (settings is { Reset: { } reset, Framing: { } framing }) _reset = new SessionReset(reset, framing);
        _upload = UploadAsync(request);
    }

    public override int Status => 200;

    public override HeaderBlock Headers { get; } = new(0);

    public override HeaderBlock Trailers => new(0);

    public override bool IsRequestDone => _upload.IsCompleted;

    private TcpConnection Connection => _channel.Connection;

    private bool IsClean => _reset is { IsDone: true };

    public override async Task WhenRequestDoneAsync()
    {
        try
        {
            await _upload.WaitAsync(_settings.HalfCloseTimeout, _settings.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whoever waits ends the session now.
        }
    }

    public override async ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (!_isOver)
        {
            var read = await Connection.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            if (read.Failure is not null) return _aborted is { } aborted ? new BodyRead(aborted) : read;
            _isOver = read.IsEnd;
            var count = _reset?.PassReply(buffer.Span[..read.Count]) ?? read.Count;
            _isOver |= _reset is { IsAsked: true } && (_reset.IsDone || _reset.IsHopeless);
            if (count > 0) return new BodyRead(count);
        }

        // What was answered was written; with the upload over, too, the connection is the next caller's before this one learns of the end.
        if (IsClean) await _upload.ConfigureAwait(false);
        if (IsClean && !_channel.IsSpent) Connection.BeginIdle();
        else _channel.Spoil();
        return new BodyRead(0);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isOver || !IsClean) _channel.Spoil();
        await _stop.CancelAsync().ConfigureAwait(false);

        // Nothing of it is left to be waited for: what stands in the way of the upload is closed.
        if (!_isOver) Connection.Reset();
        await _upload.ConfigureAwait(false);
        if (_resetTime is not null) await _resetTime.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    // Never fails: whoever reads learns what happened.
    private async Task UploadAsync(CallRequest request)
    {
        var body = request.BodyReader ?? PipeReader.Create(new ReadOnlySequence<byte>(request.Body));
        try
        {
            while (await SendPieceAsync(request, body).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The session is over.
        }
        catch (Exception e)
        {
            // Whatever the caller's side throws, it is the caller's; the upstream is told by a reset that what it has is not all.
            Abort(new CallFailure(FailureCode.CallerAborted, $"The caller's side of the session broke off: {e.Message}"));
        }
    }

    // Whoever reads is woken by it, and told why.
    private void Abort(CallFailure failure)
    {
        _aborted = failure;
        _channel.Spoil();
        Connection.Reset();
    }

    private async ValueTask<bool> SendPieceAsync(CallRequest request, PipeReader body)
    {
        request.BodyWasTouched = true;
        var read = await body.ReadAsync(_stop.Token).ConfigureAwait(false);
        foreach (var piece in read.Buffer)
        {
            _reset?.PassRequest(piece.Span);
            if (await Connection.WriteAsync(piece, _stop.Token).ConfigureAwait(false) is null) continue;
            _channel.Spoil();
            return false;
        }

        body.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted) await EndAsync().ConfigureAwait(false);
        return !read.IsCompleted;
    }

    private async ValueTask EndAsync()
    {
        // An upstream that has ended answers no reset.
        if (_isOver || _reset is null || !_reset.TryAsk())
        {
            _channel.Spoil();
            await Connection.EndWritingAsync(_stop.Token).ConfigureAwait(false);
            return;
        }

        _resetTime = _settings.Time.CreateTimer(static session => ((TcpSession)session!).OnResetLate(), this, _reset.Exchange.Timeout, Timeout.InfiniteTimeSpan);
        await Connection.WriteAsync(_reset.Exchange.Request, _stop.Token).ConfigureAwait(false);
    }

    private void OnResetLate()
    {
        if (!IsClean) Abort(new CallFailure(FailureCode.UpstreamClosed, "After the caller's end the upstream did not answer within Tcp:Reset:Timeout; the connection was closed."));
    }
}
