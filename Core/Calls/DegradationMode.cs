namespace OrleansPool.Core.Calls;

/// <summary>What becomes of a call for which no permit or channel is free.</summary>
public enum DegradationMode
{
    /// <summary>It waits its turn, within <c>Queue</c>.</summary>
    Wait,

    /// <summary>It is refused at once.</summary>
    Reject,

    /// <summary>It goes to another endpoint at once.</summary>
    Fallback,
}
