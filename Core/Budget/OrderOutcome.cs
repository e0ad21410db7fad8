namespace OrleansPool.Core.Budget;

/// <summary>What became of an order.</summary>
public enum OrderOutcome
{
    /// <summary>Nothing: there is no such endpoint, or nobody can answer for its budget now.</summary>
    NobodyAnswers,

    /// <summary>It is in force, until the cluster restarts.</summary>
    InForce,

    /// <summary>It is in force, and the store has it.</summary>
    Stored,

    /// <summary>It is in force, but the store could not be told yet; that is tried again.</summary>
    NotStored,
}
