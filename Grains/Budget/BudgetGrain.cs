using Orleans.Concurrency;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains.Budget;

/// <summary>A budget's address in the cluster, and nothing more: it has no state and hands every call to <see cref="BudgetService"/>.</summary>
[KeepAlive, Reentrant]
internal sealed class BudgetGrain(BudgetService budgets) : Grain, IBudgetGrain
{
    public ValueTask<ShareMessage?> Renew(RenewMessage request) => budgets.RenewAsync(this.GetPrimaryKeyString(), request);

    public ValueTask<BudgetViewMessage> View() => new(budgets.View(this.GetPrimaryKeyString()));

    public ValueTask<int> Order(OrderMessage order) => budgets.OrderAsync(this.GetPrimaryKeyString(), order);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        budgets.HandOverAsync(this.GetPrimaryKeyString(), cancellationToken);
}
