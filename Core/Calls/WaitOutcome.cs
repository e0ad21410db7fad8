namespace OrleansPool.Core.Calls;

/// <summary>How a wait for a permit and a connection ended, for the metrics.</summary>
internal enum WaitOutcome
{
    /// <summary>With both.</summary>
    Acquired,

    /// <summary>With the longest wait, or the call's deadline.</summary>
    Timeout,

    /// <summary>The caller left.</summary>
    Cancelled,

    /// <summary>The call was turned away.</summary>
    Rejected,
}
