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
        IsForwarded = call.IsForwarded,
        TimeLeft = call.TimeLeft,
        ClientId = call.ClientId,
    };

    public static CallRequest ToHead(this OpenMessage open) => new()
    {
        Method = open.Method,
        Target = open.Target,
        Headers = new HeaderBlock(open.Headers),
        HasBody = true,
        IsForwarded = open.IsForwarded,
        TimeLeft = open.TimeLeft,
        ClientId = open.ClientId,
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
        Holders = failure.Holders.Count == 0 ? null : [.. failure.Holders],
    };

    public static CallFailure ToFailure(this FailureMessage message) => new((FailureCode)message.Code, message.Detail)
    {
        Stage = (Stage)message.Stage,
        GrpcStatus = (GrpcStatus)message.GrpcStatus,
        RetryAfter = message.RetryAfter,
        Holders = message.Holders ?? [],
    };

    /// <summary>The message that sends a call on.</summary>
    /// <param name="request">With its whole body, which is copied: Orleans may still hold the message when the call is over and its memory somebody else's.</param>
    /// <param name="timeLeft">What it has of its deadline.</param>
    /// <param name="handsOver">True for a call that goes on as if it had come there; else it is served there or refused.</param>
    public static CallMessage ToForwardedCall(this CallRequest request, TimeSpan? timeLeft, bool handsOver) => new()
    {
        Method = request.Method,
        Target = request.Target,
        Headers = request.Headers.ToFlat(),
        HasBody = request.HasBody,
        Body = request.Body.ToArray(),
        IsForwarded = !handsOver,
        TimeLeft = timeLeft,
        ClientId = request.ClientId,
    };

    /// <summary>The same for one whose body is still to come.</summary>
    public static OpenMessage ToForwardedOpen(this CallRequest request, Guid stream, TimeSpan? timeLeft, bool handsOver) => new()
    {
        Stream = stream,
        Method = request.Method,
        Target = request.Target,
        Headers = request.Headers.ToFlat(),
        IsForwarded = !handsOver,
        TimeLeft = timeLeft,
        ClientId = request.ClientId,
    };
}
