using System.Globalization;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Calls;

/// <summary>gRPC: the deadline is in <c>grpc-timeout</c>, the outcome in <c>grpc-status</c>, which an answer without a body has among its headers.</summary>
internal sealed class GrpcSemantics : CallSemantics
{
    private const string PushBackHeader = "grpc-retry-pushback-ms";

    // All there are, by number (https://grpc.io/docs/guides/status-codes/).
    private static readonly string[] _names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public override bool IsGrpc => true;

    protected override CallFailure? CheckProtocol(CallRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        if (!request.IsGrpc)
        {
            return new CallFailure(FailureCode.ContentTypeUnsupported, $"This endpoint speaks gRPC; the request's content-type is \"{request.ContentType}\", not application/grpc.");
        }

        if (request.Message is null && FindUnsendable(request.Headers) is { } name)
            return new CallFailure(FailureCode.RequestInvalid, $"The metadata key {name} comes more than twice; binary values cannot be joined, and the pool can keep two apart.");
        if (request.GrpcTimeout is not { } text) return null;
        if (!GrpcTimeout.TryParse(text, out var parsed))
            return new CallFailure(FailureCode.RequestInvalid, $"grpc-timeout \"{text}\" is not at most eight digits and one of H M S m u n.");
        timeout = parsed;
        return null;
    }

    // Trailers-Only, as grpc/doc/PROTOCOL-HTTP2.md calls it.
    public override bool IsWhole(UpstreamResponse answer) => answer.TryGetHeader("grpc-status", out _);

    public override string? Timeout(TimeSpan left) => GrpcTimeout.Format(left);

    public override int StatusOf(UpstreamResponse answer)
    {
        if (!answer.TryGetTrailer("grpc-status", out var code) && !answer.TryGetHeader("grpc-status", out code)) return (int)GrpcStatusMapping.FromHttp(answer.Status);
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < _names.Length ? number : (int)GrpcStatus.Unknown;
    }

    // A negative number, or none, is never (gRFC A6).
    public override TimeSpan? RetryAfter(HeaderBlock headers, HeaderBlock trailers, DateTimeOffset now)
    {
        if (!trailers.TryGet(PushBackHeader, out var text) && !headers.TryGet(PushBackHeader, out text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.MaxValue;
    }

    public override string NameOf(int status) => _names[status];

    public override bool IsError(int status) => status != (int)GrpcStatus.Ok;

    public override DropKind Judge(UpstreamResponse answer) => (GrpcStatus)StatusOf(answer) switch
    {
        GrpcStatus.ResourceExhausted => DropKind.PushBack,
        GrpcStatus.DeadlineExceeded => DropKind.Timeout,
        GrpcStatus.Unavailable => IsPushBack(answer) ? DropKind.PushBack : DropKind.Failure,
        _ => DropKind.None,
    };

    // UNAVAILABLE says no more than that it did not work; with a wait for the next attempt (gRFC A6), or in the place of HTTP's word for it, it is push-back.
    private static bool IsPushBack(UpstreamResponse answer) =>
        answer.Status is 429 or 503 || answer.TryGetTrailer(PushBackHeader, out _) || answer.TryGetHeader(PushBackHeader, out _);

    // The HTTP handler has room for a repeated name twice; a third value would be joined to the second, which breaks the encoding of binary ones.
    private static string? FindUnsendable(HeaderBlock headers)
    {
        for (var at = 2; at < headers.Count; at++)
        {
            if (headers[at].Name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase) && headers.CountBefore(at) > 1) return headers[at].Name;
        }

        return null;
    }
}
