using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Client.Local;

/// <summary>The authorities of a client: it has none, its budgets are the cluster's. What holds for the cluster as one is for them to tell. Thread-safe.</summary>
internal sealed class BudgetsElsewhere : IBudgetAuthorities
{
    public void Change(BudgetSettings settings, ILimitLaw law)
    {
        // The silos go by their own configuration.
    }

    public IReadOnlyList<BudgetView> Views() => [];
}
