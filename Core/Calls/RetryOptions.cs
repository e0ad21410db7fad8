namespace OrleansPool.Core.Calls;

/// <summary>Repeating calls that the upstream provably did not process. Any other failure is the caller's to judge.</summary>
public sealed class RetryOptions
{
    /// <summary>Attempts in all, the first included. 1 (never repeat) to 10, default 3.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>Repeated calls at most, as a share of the endpoint's calls on this host in the last ten seconds. 0 to 1, default 0.2.</summary>
    public double BudgetShare { get; set; } = 0.2;

    /// <summary>Repeated calls per second that are allowed on top of <see cref="BudgetShare"/>, over ten seconds. 0 to 1,000, default 10.</summary>
    public int BudgetPerSecond { get; set; } = 10;
}
