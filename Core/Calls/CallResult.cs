using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls;

/// <summary>An answer that has begun, or why there is none.</summary>
public readonly struct CallResult
{
    /// <summary>A call whose answer has begun.</summary>
    public CallResult(CallResponse response) => Response = response;

    /// <summary>A call that ended without an answer.</summary>
    public CallResult(CallFailure failure) => Failure = failure;

    /// <summary>The answer, or null. Whoever gets it disposes it.</summary>
    public CallResponse? Response { get; }

    /// <summary>Why there is none, or null.</summary>
    public CallFailure? Failure { get; }
}
