namespace OrleansPool.Core.Budget;

/// <summary>What a budget's authority can do now.</summary>
public enum BudgetMode
{
    /// <summary>It deals by need.</summary>
    Normal,

    /// <summary>It has just taken over and grants what holders report, nothing more (rule learning).</summary>
    Learning,

    /// <summary>It may not answer, since its lease on the store is over: holders live on their shares, then on their floors.</summary>
    Safe,
}
