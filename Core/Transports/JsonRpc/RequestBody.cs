using System.Buffers;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// Takes the one message that a call's body is. A message goes out whole or not at all, so a body that is still arriving is waited for.
/// </summary>
internal sealed class RequestBody(JsonRpcOptions options)
{
    /// <summary>The message, checked; or why the call cannot be sent.</summary>
    public async ValueTask<Taken> TakeAsync(CallRequest request, MessageGauge? gauge, CancellationToken cancellation)
    {
        var bytes = request.Body;
        if (request.BodyReader is not null)
        {
            var body = new ArrayBufferWriter<byte>();
            if (await CollectAsync(request, body, gauge, cancellation).ConfigureAwait(false) is { } failure) return new Taken(failure);
            bytes = body.WrittenMemory;
        }

        if (bytes.Length > options.MaxMessageBytes) return new Taken(TooLarge(bytes.Length));
        if (MessageScanner.Scan(bytes.Span, options.MaxDepth, out var message) is { } fault) return new Taken(Invalid(fault.Detail));
        var expected = request.Method is JsonRpcMethods.Notify ? MessageKind.Notification : MessageKind.Request;
        return message.Kind == expected ? new Taken(bytes, message) : new Taken(Invalid($"{request.Method} takes one {expected} as its body, not a {message.Kind}."));
    }

    private async ValueTask<CallFailure?> CollectAsync(CallRequest request, ArrayBufferWriter<byte> body, MessageGauge? gauge, CancellationToken cancellation)
    {
        request.BodyWasTouched = true;
        while (true)
        {
            var read = await ReadAsync(request, cancellation).ConfigureAwait(false);
            if (read is not { } piece) return new CallFailure(FailureCode.CallerAborted, "The request's body ended in an error.");
            foreach (var segment in piece.Buffer)
            {
                if (gauge?.Fits(segment.Span) == false) return gauge.TooLarge(FailureCode.RequestTooLarge);
                if (body.WrittenCount + segment.Length > options.MaxMessageBytes) return TooLarge(body.WrittenCount + segment.Length);
                body.Write(segment.Span);
            }

            request.BodyReader!.AdvanceTo(piece.Buffer.End);
            if (piece.IsCompleted) return null;
        }
    }

    private static async ValueTask<System.IO.Pipelines.ReadResult?> ReadAsync(CallRequest request, CancellationToken cancellation)
    {
        try
        {
            return await request.BodyReader!.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private CallFailure TooLarge(int bytes) => new(FailureCode.RequestTooLarge, $"A message has {bytes} bytes or more; JsonRpc:MaxMessageBytes = {options.MaxMessageBytes}.");

    private static CallFailure Invalid(string detail) => new(FailureCode.RequestInvalid, $"The body is no JSON-RPC message that can be sent. {detail}");

    /// <summary>A message that can be sent, or why there is none.</summary>
    internal readonly record struct Taken(ReadOnlyMemory<byte> Bytes, Message Message, CallFailure? Failure = null)
    {
        public Taken(CallFailure failure)
            : this(default, default, failure)
        {
        }
    }
}
