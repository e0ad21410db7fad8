using OrleansPool.Core.Budget;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>A request on its way to the budget.</summary>
/// <param name="Request">What it says.</param>
/// <param name="From">Who hears the answer.</param>
internal sealed record Question(RenewRequest Request, HolderLease From);
