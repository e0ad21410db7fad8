using System.Buffers;
using System.Text.Json;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Calls.JsonRpc;

/// <summary>
/// Response objects of the pool's own: for what cannot be read, and for a <see cref="CallFailure"/>, whose data names code, stage and party like the headers do
/// for an HTTP caller. The codes are stable: -32000 less the number of the failure's code, within the range that JSON-RPC 2.0 leaves to servers.
/// </summary>
internal static class JsonRpcErrors
{
    // JSON-RPC 2.0, section 5.1.
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int FirstServerError = -32000;

    /// <summary>The error's code for a failure of the pool.</summary>
    public static int CodeOf(FailureCode code) => code == FailureCode.RequestInvalid ? InvalidRequest : FirstServerError - (int)code;

    /// <summary>The answer to something that is no message. It has no id that could be trusted, so none is told.</summary>
    public static ReadOnlyMemory<byte> Of(MessageFault fault) => Response("null"u8, json =>
    {
        json.WriteNumber("code", fault.IsJson ? InvalidRequest : ParseError);
        json.WriteString("message", fault.IsJson ? "Invalid Request" : "Parse error");
        json.WriteStartObject("data");
        json.WriteString("detail", fault.Detail);
        json.WriteEndObject();
    });

    /// <summary>The answer to a call that failed in the pool or on its way.</summary>
    /// <param name="failure">What became of it.</param>
    /// <param name="id">The call's id as its caller wrote it.</param>
    public static ReadOnlyMemory<byte> Of(CallFailure failure, ReadOnlySpan<byte> id) => Response(id, json =>
    {
        json.WriteNumber("code", CodeOf(failure.Code));
        json.WriteString("message", $"{failure.Code}: {failure.Detail}");
        json.WriteStartObject("data");
        json.WriteString(FailureReply.ErrorHeader, failure.Code.ToString());
        json.WriteString(FailureReply.StageHeader, failure.Stage.ToString());
        json.WriteString(FailureReply.PartyHeader, failure.Party.ToString());
        json.WriteBoolean("retryable", failure.IsRetryable);
        if (failure.RetryAfter is { } wait) json.WriteNumber("retryAfterMs", (long)Math.Ceiling(wait.TotalMilliseconds));
        json.WriteString("advice", FailureFacts.Of(failure.Code).Advice);
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Response(ReadOnlySpan<byte> id, Action<Utf8JsonWriter> writeError)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WriteStartObject("error");
        writeError(json);
        json.WriteEndObject();
        json.WritePropertyName("id");
        json.WriteRawValue(id, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }
}
