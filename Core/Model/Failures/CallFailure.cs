namespace OrleansPool.Core.Model.Failures;

/// <summary>
/// A call's failure as a value: code, where it happened, and what a person needs to know. Inside the engine failures are returned, never thrown.
/// Immutable; safe to share.
/// </summary>
public sealed class CallFailure
{
    /// <summary>A failure at the usual stage of its code.</summary>
    public CallFailure(FailureCode code, string detail)
    {
        Code = code;
        Detail = detail;
        var facts = FailureFacts.Of(code);
        Stage = facts.Stage;
        GrpcStatus = facts.GrpcStatus;
    }

    /// <summary>What went wrong.</summary>
    public FailureCode Code { get; }

    /// <summary>One or two sentences for a person: what happened, with numbers, and the setting to change where there is one. No payload, no secrets.</summary>
    public string Detail { get; }

    /// <summary>Where on its way the call was.</summary>
    public Stage Stage { get; init; }

    /// <summary>The status a gRPC caller is told; differs from the code's own for resets, whose reason is passed on.</summary>
    public GrpcStatus GrpcStatus { get; init; }

    /// <summary>How long a retry should wait at least, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>With <see cref="FailureCode.ShareElsewhere"/>: the hosts that have a share, best first; else empty.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>Who failed.</summary>
    public Party Party => FailureFacts.Of(Code).Party;

    /// <summary>What follows from the failure.</summary>
    public FailureTraits Traits => FailureFacts.Of(Code).Traits;

    /// <summary>The status an HTTP caller is told.</summary>
    public int HttpStatus => FailureFacts.Of(Code).HttpStatus;

    /// <summary>True when the upstream provably did not process the call.</summary>
    public bool IsRetryable => Traits.HasFlag(FailureTraits.Retryable);

    /// <inheritdoc />
    public override string ToString() => $"{Code} ({Stage}, {Party}): {Detail}";
}
