using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget;

/// <summary>
/// The authorities of a process whose budgets are all those of a cluster, as a client's in local mode: it has none. What holds for the cluster as one is for the
/// processes that have the budgets to tell. Thread-safe.
/// </summary>
public sealed class BudgetsElsewhere : IBudgetAuthorities
{
    /// <inheritdoc />
    /// <remarks>Nothing: whoever has the budget goes by its own configuration.</remarks>
    public void Change(BudgetSettings settings, ILimitLaw law)
    {
        // There is none to be changed.
    }

    /// <inheritdoc />
    public IReadOnlyList<BudgetView> Views() => [];
}
