using System.IO.Pipelines;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Calls.JsonRpc;

/// <summary>
/// One connection of a caller that speaks JSON-RPC, and one upstream for it alone. Messages pass both ways as they are and in their order, with the caller's own ids:
/// requests, batches, notifications, cancellations, and what the upstream asks of its caller. The pool looks at them to refuse what is no message, and to know
/// what is still to be answered: a caller that has sent its last message still gets that, and is told where no answer can come any more.
/// </summary>
public sealed class JsonRpcSession : IDisposable
{
    private const int PieceSize = 16 * 1024;

    // An upstream that ends on its caller's end does so within a round trip.
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    private readonly Endpoint _endpoint;
    private readonly JsonRpcOptions _options;
    private readonly WireFormat _format;
    private readonly MessageReader _fromCaller;
    private readonly MessageWriter _toCaller;
    private readonly OpenRequests _open;
    private readonly CancellationTokenSource _gone;
    private readonly Pipe _toUpstream = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Pipe _fromUpstream = new(new PipeOptions(useSynchronizationContext: false));
    private volatile bool _hasEnded;

    /// <summary>A caller that has just connected.</summary>
    /// <param name="endpoint">Whom it calls.</param>
    /// <param name="options">The endpoint's.</param>
    /// <param name="maxCalls">Calls that it may have under way; when there are as many, no more is read until one is answered.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="time">Clock.</param>
    public JsonRpcSession(Endpoint endpoint, JsonRpcOptions options, int maxCalls, IDuplexPipe connection, TimeProvider time)
    {
        (_endpoint, _options, _open) = (endpoint, options, new OpenRequests(maxCalls));
        _format = new WireFormat(options.Framing, options.MaxMessageBytes);
        _fromCaller = new MessageReader(connection.Input, _format);
        _gone = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _toCaller = new MessageWriter(connection.Output.AsStream(), _format, _ => _gone.Cancel());
    }

    /// <summary>Who it is to a queue that is fair to callers; null for nobody.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Serves it until one of the two sides has ended, and the caller has what it is owed. One for which there is no upstream is told with its first request.
    /// Never throws.
    /// </summary>
    /// <param name="stop">Cancelled when the host stops: no more is read from the caller, what is under way is answered.</param>
    /// <param name="left">Cancelled when nothing reaches the caller any more, though it may have ended its side before.</param>
    /// <returns>Why it broke off; null where one side ended it.</returns>
    public async Task<CallFailure?> ServeAsync(CancellationToken stop, CancellationToken left)
    {
        using var leaves = left.UnsafeRegister(static gone => ((CancellationTokenSource)gone!).Cancel(), _gone);
        var reading = ReadCallerAsync(stop);
        var request = new CallRequest
        {
            Method = TcpMethods.Session, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, BodyReader = _toUpstream.Reader, ClientId = Name,
        };
        var result = await _endpoint.CallAsync(request, _gone.Token).ConfigureAwait(false);
        if (result.Response is null) await Task.WhenAny(reading, _open.First).ConfigureAwait(false);
        var failure = result.Response is { } response ? await CarryAsync(response).ConfigureAwait(false) : result.Failure;
        foreach (var id in _open.TakeAll()) await AnswerAsync(JsonRpcErrors.Of(failure ?? Ended(), id)).ConfigureAwait(false);
        await _gone.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        return failure;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _toCaller.Stop();
        _gone.Dispose();
    }

    private async Task<CallFailure?> CarryAsync(CallResponse response)
    {
        await using (response.ConfigureAwait(false))
        {
            var receiving = ReceiveAsync(response);
            var failure = await PassAllAsync().ConfigureAwait(false);

            // Nobody reads on: that ends the receiving, if nothing has before.
            await _fromUpstream.Reader.CompleteAsync().ConfigureAwait(false);
            if (failure is not null) await _gone.CancelAsync().ConfigureAwait(false);
            var end = await receiving.ConfigureAwait(false);
            return failure ?? end;
        }
    }

    // ---- From the caller to the upstream ----

    private async Task ReadCallerAsync(CancellationToken stop)
    {
        try
        {
            await ReadAllAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the session is over.
        }
        catch (IOException)
        {
            await _gone.CancelAsync().ConfigureAwait(false);
        }

        _hasEnded = true;
        await EndIfAnsweredAsync().ConfigureAwait(false);
    }

    private async Task ReadAllAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _gone.Token);
        while (await _fromCaller.ReadAsync(either.Token).ConfigureAwait(false) is { IsEnd: false } read)
        {
            // Where one message ends is not known any more, so nothing after it can be.
            if (read.Error is { } error) await AnswerAsync(JsonRpcErrors.Of(new MessageFault(true, error))).ConfigureAwait(false);
            if (read.Error is not null) return;
            await _open.WhenRoomAsync().WaitAsync(either.Token).ConfigureAwait(false);
            if (Note(read.Message.Span) is { } fault) await AnswerAsync(JsonRpcErrors.Of(fault)).ConfigureAwait(false);
            else await SendAsync(read.Message, either.Token).ConfigureAwait(false);
        }
    }

    // What in a batch is no message the upstream refuses, within its answer.
    private MessageFault? Note(ReadOnlySpan<byte> bytes)
    {
        if (!Batch.IsBatch(bytes)) return NoteOne(bytes);
        if (Batch.Split(bytes, _options.MaxDepth, _options.MaxBatch, out var messages) is { } fault) return fault;
        foreach (var message in messages) NoteOne(message.Of(bytes));
        return null;
    }

    private MessageFault? NoteOne(ReadOnlySpan<byte> bytes)
    {
        var fault = MessageScanner.Scan(bytes, _options.MaxDepth, out var message);
        if (fault is null && message.Kind == MessageKind.Request) _open.Add(message.Id.Of(bytes));
        return fault;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        _format.Append(_toUpstream.Writer, message.Span, default, default);
        await _toUpstream.Writer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    // Not at once: many servers answer nothing any more once their client has ended its side.
    private async ValueTask EndIfAnsweredAsync()
    {
        if (!_hasEnded || !_open.IsEmpty) return;
        await _toUpstream.Writer.CompleteAsync().ConfigureAwait(false);
        _gone.CancelAfter(_farewell);
    }

    // ---- From the upstream to the caller ----

    private async Task<CallFailure?> ReceiveAsync(CallResponse response)
    {
        var writer = _fromUpstream.Writer;
        try
        {
            while (true)
            {
                var read = await response.ReadAsync(writer.GetMemory(PieceSize)).ConfigureAwait(false);
                if (read.Count == 0) return read.Failure;
                writer.Advance(read.Count);
                var flushed = await writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted) return null;
            }
        }
        finally
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    // Null at the end of what came.
    private async Task<CallFailure?> PassAllAsync()
    {
        var messages = new MessageReader(_fromUpstream.Reader, _format);
        while (true)
        {
            var read = await messages.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            if (read.IsEnd) return null;
            if ((read.Error ?? Settle(read.Message.Span)?.Detail) is { } error) return Garbage(error);

            // Waited for, so that a caller that does not read holds back its upstream.
            if (!await _toCaller.Add(read.Message.Span).Written.ConfigureAwait(false)) return null;
            await EndIfAnsweredAsync().ConfigureAwait(false);
        }
    }

    private MessageFault? Settle(ReadOnlySpan<byte> bytes)
    {
        if (!Batch.IsBatch(bytes)) return SettleOne(bytes);
        if (Batch.Split(bytes, _options.MaxDepth, int.MaxValue, out var messages) is { } fault) return fault;
        foreach (var message in messages)
        {
            if (SettleOne(message.Of(bytes)) is { } faultWithin) return faultWithin;
        }

        return null;
    }

    private MessageFault? SettleOne(ReadOnlySpan<byte> bytes)
    {
        if (MessageScanner.Scan(bytes, _options.MaxDepth, out var message) is { } fault) return fault;
        if (message.Kind == MessageKind.Response) _open.Answered(message.Id.Of(bytes));
        else _endpoint.JsonRpc?.CountDelivered();
        return null;
    }

    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> answer) => await _toCaller.Add(answer.Span).Written.ConfigureAwait(false);

    private static CallFailure Ended() => new(FailureCode.UpstreamClosed, "The upstream ended the session.");

    private static CallFailure Garbage(string detail) => new(FailureCode.UpstreamProtocolError, $"The upstream sent something that is no JSON-RPC, so the session was ended. {detail}");
}
