using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget;

/// <summary>The authorities of this process: those in office, and those that may take office here. Thread-safe.</summary>
public interface IBudgetAuthorities
{
    /// <summary>
    /// The budget of the endpoint that the settings name goes by them and by this law from now on, wherever this process has to answer for it; the times of the
    /// protocol stay. Nothing for an endpoint that is not known.
    /// </summary>
    void Change(BudgetSettings settings, ILimitLaw law);

    /// <summary>The budgets that this process has now, and no other.</summary>
    IReadOnlyList<BudgetView> Views();
}
