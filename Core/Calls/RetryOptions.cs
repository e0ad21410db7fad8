namespace OrleansPool.Core.Calls;

/// <summary>Repeating calls that the upstream provably did not process. Any other failure is the caller's to judge.</summary>
public sealed class RetryOptions
{
    /// <summary>Attempts in all, the first included. 1 (never repeat) to 10, default 3.</summary>
    public int Attempts { get; set; } = 3;
}
