namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>What can happen.</summary>
internal enum FaultKind
{
    /// <summary>A holder leaves in order, and a new process comes back in its place.</summary>
    Restart,

    /// <summary>A holder's process dies, and a new one comes back in its place.</summary>
    Crash,

    /// <summary>A holder's process stands still, its sockets open.</summary>
    Freeze,

    /// <summary>Holders cannot reach the budget.</summary>
    Partition,

    /// <summary>The budget's process dies; another takes over.</summary>
    BudgetLost,

    /// <summary>The budget's process is cut off from the store, and reached by the fault's holders only; it does not know, and another takes over.</summary>
    BudgetTwice,
}
