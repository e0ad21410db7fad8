using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Hosting;

/// <summary>What configuration says of one endpoint's budget: for whoever is its authority, and for its holders.</summary>
/// <param name="Settings">What there is to deal, and the times of the protocol.</param>
/// <param name="Law">What finds the limit.</param>
public sealed record EndpointBudget(BudgetSettings Settings, ILimitLaw Law);
