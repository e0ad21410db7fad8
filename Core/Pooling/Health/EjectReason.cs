namespace OrleansPool.Core.Pooling.Health;

/// <summary>Why an address gets no calls.</summary>
public enum EjectReason
{
    /// <summary>Calls failed one after the other.</summary>
    ConsecutiveFailures,

    /// <summary>Too large a share of its calls failed.</summary>
    FailureRatio,

    /// <summary>It answers much more slowly than the others.</summary>
    Slow,

    /// <summary>The call that was to show whether it is well again failed.</summary>
    ProbeFailed,

    /// <summary>Its checks failed.</summary>
    CheckFailed,
}
