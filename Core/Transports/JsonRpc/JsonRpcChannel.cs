using System.Buffers.Text;
using System.IO.Pipelines;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// One JSON-RPC connection with many calls on it. Each call gets an id of the channel's own, and its answer the caller's id back, as the caller wrote it.
/// One loop reads, one writer writes, in the order in which calls were sent. What the upstream sends unasked is for none of the many callers: notifications are
/// dropped, requests refused. What cannot be read closes the channel, since nothing after it can be trusted. Thread-safe.
/// </summary>
internal sealed class JsonRpcChannel : CallChannel
{
    // An upstream that asks and never reads must not fill our memory with refusals.
    private const int RefusalBacklog = 64 * 1024;

    private readonly JsonRpcTransportSettings _settings;
    private readonly Stream _connection;
    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;
    private readonly PendingCalls _pending = new();
    private readonly RequestBody _bodies;

    public JsonRpcChannel(JsonRpcTransportSettings settings, Stream connection)
    {
        (_settings, _connection) = (settings, connection);
        var format = new WireFormat(settings.Options.Framing, settings.Options.MaxMessageBytes);
        _reader = new MessageReader(PipeReader.Create(connection), format);
        _writer = new MessageWriter(connection, format, e => End(ChannelFailures.Broke(e)));
        _bodies = new RequestBody(settings.Options);
        _ = ReadAllAsync();
    }

    /// <inheritdoc />
    public override int PeerLimit => int.MaxValue;

    /// <inheritdoc />
    /// <remarks>
    /// A call whose answer nobody waits for any more goes on upstream, since the protocol has no word to stop it; the answer is dropped when it comes.
    /// </remarks>
    public override async ValueTask<SendResult> SendAsync(CallRequest request, SendOptions options, CancellationToken cancellation)
    {
        if (IsGoingAway) return SendResult.Failed(ChannelFailures.NotSent());
        var taken = await _bodies.TakeAsync(request, options.RequestGauge, cancellation).ConfigureAwait(false);
        if (taken.Failure is not null) return SendResult.Failed(taken.Failure);
        if (taken.Message.Kind != MessageKind.Notification) return await CallAsync(taken.Bytes, taken.Message.Id, cancellation).ConfigureAwait(false);
        if (!taken.Message.IsCancelIn(taken.Bytes.Span)) return await NotifyAsync(taken.Bytes, cancellation).ConfigureAwait(false);

        // It names a call by its caller's id; upstream that is the id of somebody else's call.
        _settings.Totals.CountCancel();
        return SendResult.Answered(JsonRpcResponse.Nothing());
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => End(Lost());

    private async ValueTask<SendResult> NotifyAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var burst = _writer.Add(bytes.Span);
        if (await burst.Written.WaitAsync(cancellation).ConfigureAwait(false)) return SendResult.Answered(JsonRpcResponse.Nothing());
        return SendResult.Failed(burst.HasLeft ? Lost() : ChannelFailures.NotSent());
    }

    private async ValueTask<SendResult> CallAsync(ReadOnlyMemory<byte> bytes, Slice id, CancellationToken cancellation)
    {
        if (_pending.Add(id.Of(bytes)) is not { } call) return SendResult.Failed(ChannelFailures.NotSent());
        var burst = Send(bytes.Span, id, call.Id);
        Reply reply;
        try
        {
            using var left = cancellation.UnsafeRegister(static (call, token) => ((PendingCall)call!).TrySetCanceled(token), call);
            reply = await call.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _pending.TryTake(call.Id, out _);
            throw;
        }

        // The writer stops before calls are failed, so that what has not left by now never will.
        if (reply.Failure is { } failure) return SendResult.Failed(burst.HasLeft ? failure : ChannelFailures.NotSent());
        return SendResult.Answered(new JsonRpcResponse(reply));
    }

    private Burst Send(ReadOnlySpan<byte> bytes, Slice id, long ownId)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(ownId, digits, out var length);
        return _writer.Add(bytes[..id.Start], digits[..length], bytes[id.End..]);
    }

    // ---- What comes from the upstream ----

    private async Task ReadAllAsync()
    {
        // Off the thread that opened the channel.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                var read = await _reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                if (read.IsEnd) RaiseEnded();
                var end = read.IsEnd ? Lost() : read.Error is { } error ? Garbage(error) : Take(read.Message.Span);
                if (end is null) continue;
                End(end);
                return;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            End(ChannelFailures.Broke(e));
        }
    }

    private CallFailure? Take(ReadOnlySpan<byte> bytes)
    {
        if (!Batch.IsBatch(bytes)) return TakeOne(bytes);
        if (Batch.Split(bytes, _settings.Options.MaxDepth, int.MaxValue, out var messages) is { } fault) return Garbage(fault.Detail);
        foreach (var message in messages)
        {
            if (TakeOne(message.Of(bytes)) is { } failure) return failure;
        }

        return null;
    }

    private CallFailure? TakeOne(ReadOnlySpan<byte> bytes)
    {
        if (MessageScanner.Scan(bytes, _settings.Options.MaxDepth, out var message) is { } fault) return Garbage(fault.Detail);
        if (message.Kind == MessageKind.Response) Answer(bytes, message);
        else if (message.Kind == MessageKind.Notification) _settings.Totals.CountNotification();
        else Refuse(message.Id.Of(bytes));
        return null;
    }

    private void Answer(ReadOnlySpan<byte> bytes, in Message message)
    {
        var id = message.Id.Of(bytes);
        var isOurs = Utf8Parser.TryParse(id, out long number, out var length) && length == id.Length;
        if (isOurs && _pending.TryTake(number, out var call)) call!.TrySetResult(new Reply(Restored(bytes, message.Id, call.CallerId.Span), message.ErrorCode, null));
        else if (isOurs && _pending.WasGiven(number)) _settings.Totals.CountLateReply();
        else _settings.Log.UnknownReply(_settings.Totals.CountUnknownReply());
    }

    private static byte[] Restored(ReadOnlySpan<byte> bytes, Slice id, ReadOnlySpan<byte> callerId)
    {
        var restored = new byte[bytes.Length - id.Length + callerId.Length];
        bytes[..id.Start].CopyTo(restored);
        callerId.CopyTo(restored.AsSpan(id.Start));
        bytes[id.End..].CopyTo(restored.AsSpan(id.Start + callerId.Length));
        return restored;
    }

    private void Refuse(ReadOnlySpan<byte> id)
    {
        _settings.Totals.CountRequest();
        if (_writer.Backlog > RefusalBacklog) return;
        _writer.Add("""{"jsonrpc":"2.0","id":"""u8, id, ""","error":{"code":-32601,"message":"The connection is shared by many callers; none of them can be asked."}}"""u8);
    }

    // ---- The end ----

    private void End(CallFailure failure)
    {
        _writer.Stop();
        _connection.Dispose();
        _pending.FailAll(failure);
        RaiseClosed();
    }

    private static CallFailure Lost() => new(FailureCode.UpstreamClosed, "The connection was closed with the call in flight.");

    private static CallFailure Garbage(string detail) =>
        new(FailureCode.UpstreamProtocolError, $"The upstream sent something that is no JSON-RPC, so the connection was closed with the call in flight. {detail}");
}
