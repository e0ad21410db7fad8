using System.Buffers;
using System.IO.Pipelines;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Calls.JsonRpc;

/// <summary>
/// One connection of a caller that speaks JSON-RPC. Each of its requests becomes a call of its own, and is answered when that is over, in any order; a batch is
/// answered as one, when all of it is. A caller that has sent its last message still gets the answers to those before; one that is gone ends its calls.
/// </summary>
public sealed class JsonRpcCaller : IDisposable
{
    private const int TypicalAnswer = 512;

    private readonly Endpoint _endpoint;
    private readonly JsonRpcOptions _options;
    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;
    private readonly SemaphoreSlim _places;
    private readonly int _maxCalls;
    private readonly CancellationTokenSource _gone = new();

    /// <summary>A caller that has just connected.</summary>
    /// <param name="endpoint">Whom it calls.</param>
    /// <param name="options">The endpoint's.</param>
    /// <param name="maxCalls">Calls that it may have under way; when there are as many, no more is read until one is over.</param>
    /// <param name="connection">Its connection.</param>
    public JsonRpcCaller(Endpoint endpoint, JsonRpcOptions options, int maxCalls, IDuplexPipe connection)
    {
        (_endpoint, _options, _maxCalls) = (endpoint, options, maxCalls);
        var format = new WireFormat(options.Framing, options.MaxMessageBytes);
        _reader = new MessageReader(connection.Input, format);
        _writer = new MessageWriter(connection.Output.AsStream(), format, _ => _gone.Cancel());
        _places = new SemaphoreSlim(maxCalls);
    }

    /// <summary>Who it is to a queue that is fair to callers; null for nobody.</summary>
    public string? Name { get; init; }

    /// <summary>Serves it until it has sent its last message and got its last answer, is gone, sends what cannot be told apart, or the host stops. Never throws.</summary>
    /// <param name="stop">Cancelled when the host stops: no more is read, what is under way is answered.</param>
    /// <param name="left">Cancelled when nothing reaches the caller any more, though it may have ended its side before.</param>
    public async Task ServeAsync(CancellationToken stop, CancellationToken left)
    {
        using var leaves = left.UnsafeRegister(static gone => ((CancellationTokenSource)gone!).Cancel(), _gone);
        try
        {
            await ReadAllAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the caller takes no answers any more.
        }
        catch (IOException)
        {
            await _gone.CancelAsync().ConfigureAwait(false);
        }

        for (var place = 0; place < _maxCalls; place++) await _places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Stop();
        _gone.Dispose();
        _places.Dispose();
    }

    private async Task ReadAllAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _gone.Token);
        while (await _reader.ReadAsync(either.Token).ConfigureAwait(false) is { IsEnd: false } read)
        {
            // Where one message ends is not known any more, so nothing after it can be.
            if (read.Error is { } error) await SendAsync(JsonRpcErrors.Of(new MessageFault(true, error))).ConfigureAwait(false);
            if (read.Error is not null) return;

            // Copied: calls go on after the next message was read.
            await TakeAsync(read.Message.ToArray()).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!Batch.IsBatch(bytes.Span))
        {
            await TakeOneAsync(bytes, default).ConfigureAwait(false);
            return;
        }

        if (Batch.Split(bytes.Span, _options.MaxDepth, _options.MaxBatch, out var messages) is { } fault)
        {
            await SendAsync(JsonRpcErrors.Of(fault)).ConfigureAwait(false);
            return;
        }

        var reply = new BatchReply(messages.Count);
        for (var at = 0; at < messages.Count; at++) await TakeOneAsync(messages[at].Of(bytes), new Place(reply, at)).ConfigureAwait(false);
    }

    private async ValueTask TakeOneAsync(ReadOnlyMemory<byte> bytes, Place place)
    {
        var fault = MessageScanner.Scan(bytes.Span, _options.MaxDepth, out var message);

        // Nobody asks callers anything, so an answer of theirs answers nothing.
        if (fault is not null || message.Kind == MessageKind.Response)
        {
            await SendAsync(place.Put(fault is null ? default : JsonRpcErrors.Of(fault))).ConfigureAwait(false);
            return;
        }

        await _places.WaitAsync(_gone.Token).ConfigureAwait(false);
        _ = CallAsync(bytes, message, place);
    }

    private async Task CallAsync(ReadOnlyMemory<byte> bytes, Message message, Place place)
    {
        try
        {
            var answer = await AnswerAsync(bytes, message).ConfigureAwait(false);
            await SendAsync(place.Put(answer)).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> bytes, Message message)
    {
        var isCall = message.Kind == MessageKind.Request;
        var request = new CallRequest
        {
            Method = isCall ? JsonRpcMethods.Call : JsonRpcMethods.Notify,
            Target = message.TargetIn(bytes.Span),
            Headers = new HeaderBlock(0),
            HasBody = true,
            Body = bytes,
            ClientId = Name,
        };
        var result = await _endpoint.CallAsync(request, _gone.Token).ConfigureAwait(false);
        var answer = new ArrayBufferWriter<byte>(TypicalAnswer);
        var failure = result.Response is null ? result.Failure : await CollectAsync(result.Response, answer).ConfigureAwait(false);
        if (!isCall) return default;
        return failure is null ? answer.WrittenMemory : JsonRpcErrors.Of(failure, message.Id.Of(bytes.Span));
    }

    private static async ValueTask<CallFailure?> CollectAsync(CallResponse response, ArrayBufferWriter<byte> answer)
    {
        await using (response.ConfigureAwait(false))
        {
            while (true)
            {
                var read = await response.ReadAsync(answer.GetMemory(TypicalAnswer)).ConfigureAwait(false);
                if (read.Count == 0) return read.Failure;
                answer.Advance(read.Count);
            }
        }
    }

    // Waited for, so that a caller that does not read is not answered into memory.
    private async ValueTask SendAsync(ReadOnlyMemory<byte> answer)
    {
        if (!answer.IsEmpty) await _writer.Add(answer.Span).Written.ConfigureAwait(false);
    }

    /// <summary>Where an answer goes: to its place in a batch, or out as it is.</summary>
    private readonly record struct Place(BatchReply? Batch, int At)
    {
        public ReadOnlyMemory<byte> Put(ReadOnlyMemory<byte> answer) => Batch is null ? answer : Batch.Put(At, answer);
    }
}
