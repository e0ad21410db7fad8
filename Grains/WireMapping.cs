using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains;

/// <summary>Between the engine's types and the wire's: the same facts, field by field.</summary>
internal static class WireMapping
{
    public static CallRequest ToRequest(this CallMessage call) => new()
    {
        Method = call.Method,
        Target = call.Target,
        Headers = new HeaderBlock(call.Headers),
        HasBody = call.HasBody,
        Body = call.Body,
    };

    public static CallRequest ToHead(this OpenMessage open) => new()
    {
        Method = open.Method,
        Target = open.Target,
        Headers = new HeaderBlock(open.Headers),
        HasBody = true,
    };

    public static PieceMessage ToMessage(this StreamPiece piece) => new()
    {
        Status = piece.Status,
        Headers = piece.Headers?.ToFlat(),
        Bytes = piece.Bytes,
        Trailers = piece.Trailers?.ToFlat(),
        Failure = piece.Failure?.ToMessage(),
    };

    public static FailureMessage ToMessage(this CallFailure failure) => new()
    {
        Code = (int)failure.Code,
        Stage = (int)failure.Stage,
        GrpcStatus = (int)failure.GrpcStatus,
        Detail = failure.Detail,
        RetryAfter = failure.RetryAfter,
    };
}
