namespace OrleansPool.Core.Model.Failures;

/// <summary>What may be concluded from a failure, apart from its code.</summary>
[Flags]
public enum FailureTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The upstream provably did not process the call: repeating it cannot do its work twice.</summary>
    Retryable = 1,

    /// <summary>Turned away on purpose, to protect pool or upstream; a retry should wait.</summary>
    Rejected = 2,

    /// <summary>The caller's time ran out.</summary>
    DeadlineExceeded = 4,

    /// <summary>Cut short after it may have begun: the outcome is unknown.</summary>
    Interrupted = 8,
}
