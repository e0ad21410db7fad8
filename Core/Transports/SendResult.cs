using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports;

/// <summary>An answer that has begun, or why there is none.</summary>
public readonly struct SendResult
{
    private SendResult(UpstreamResponse? response, CallFailure? failure)
    {
        Response = response;
        Failure = failure;
    }

    /// <summary>The answer, or null.</summary>
    public UpstreamResponse? Response { get; }

    /// <summary>Why there is none, or null.</summary>
    public CallFailure? Failure { get; }

    internal static SendResult Answered(UpstreamResponse response) => new(response, null);

    internal static SendResult Failed(CallFailure failure) => new(null, failure);
}
