using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls;

/// <summary>
/// A failure as its caller sees it, the same at every way in: to a gRPC caller HTTP 200 with <c>grpc-status</c>, to any other an HTTP status with a
/// problem body (RFC 9457); to both, headers that name code, stage and party.
/// </summary>
public sealed class FailureReply
{
    /// <summary>Header with the failure's code.</summary>
    public const string ErrorHeader = "orleanspool-error";

    /// <summary>Header with the stage at which the call failed.</summary>
    public const string StageHeader = "orleanspool-stage";

    /// <summary>Header with the party that failed.</summary>
    public const string PartyHeader = "orleanspool-party";

    private FailureReply(int status, HeaderBlock headers, ReadOnlyMemory<byte> body) => (Status, Headers, Body) = (status, headers, body);

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Headers; for gRPC they carry the outcome, as in an answer without a body.</summary>
    public HeaderBlock Headers { get; }

    /// <summary>Body; empty for gRPC.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The reply to a caller that has seen nothing of an answer yet.</summary>
    public static FailureReply For(CallFailure failure, bool isGrpc) => isGrpc ? ForGrpc(failure) : ForHttp(failure);

    /// <summary>Trailers for a gRPC caller whose answer had begun.</summary>
    public static HeaderBlock GrpcTrailers(CallFailure failure)
    {
        var trailers = new HeaderBlock();
        AddGrpcStatus(trailers, failure);
        return trailers;
    }

    private static FailureReply ForGrpc(CallFailure failure)
    {
        var headers = new HeaderBlock();
        headers.Add("content-type", GrpcContent.MediaType);
        AddGrpcStatus(headers, failure);
        return new FailureReply(200, headers, default);
    }

    private static void AddGrpcStatus(HeaderBlock to, CallFailure failure)
    {
        to.Add("grpc-status", ((int)failure.GrpcStatus).ToString(CultureInfo.InvariantCulture));
        to.Add("grpc-message", PercentEncode($"{failure.Code}: {failure.Detail}"));
        if (failure.RetryAfter is { } wait) to.Add("grpc-retry-pushback-ms", ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture));
        AddOrigin(to, failure);
    }

    // Where nobody knows the wait, whoever was turned away is asked for the least that the header can say. A gRPC client has a backoff of its own.
    private static TimeSpan? RetryAfter(CallFailure failure) => failure.RetryAfter ?? (failure.Traits.HasFlag(FailureTraits.Rejected) ? TimeSpan.FromSeconds(1) : null);

    private static FailureReply ForHttp(CallFailure failure)
    {
        var headers = new HeaderBlock();
        headers.Add("content-type", "application/problem+json");
        if (RetryAfter(failure) is { } wait) headers.Add("retry-after", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        AddOrigin(headers, failure);
        return new FailureReply(failure.HttpStatus, headers, Problem(failure));
    }

    private static void AddOrigin(HeaderBlock to, CallFailure failure)
    {
        to.Add(ErrorHeader, failure.Code.ToString());
        to.Add(StageHeader, failure.Stage.ToString());
        to.Add(PartyHeader, failure.Party.ToString());
    }

    private static byte[] Problem(CallFailure failure)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("title", failure.Code.ToString());
            json.WriteNumber("status", failure.HttpStatus);
            json.WriteString("detail", failure.Detail);
            json.WriteString("advice", FailureFacts.Of(failure.Code).Advice);
            json.WriteString("stage", failure.Stage.ToString());
            json.WriteString("party", failure.Party.ToString());
            json.WriteBoolean("retryable", failure.IsRetryable);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // As the gRPC specification has it: printable ASCII but '%' stands for itself, every other byte of the UTF-8 is %XX.
    private static string PercentEncode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 0x20 and <= 0x7e and not (byte)'%') encoded.Append((char)octet);
            else encoded.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
