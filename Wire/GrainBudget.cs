using OrleansPool.Core.Budget;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Wire;

/// <summary>The way to the budgets of a cluster: one grain for each endpoint. Thread-safe.</summary>
public sealed class GrainBudget(IGrainFactory grains) : IBudget
{
    /// <inheritdoc />
    public async ValueTask<RenewReply?> RenewAsync(string endpoint, RenewRequest request, CancellationToken cancellation)
    {
        var share = await grains.GetGrain<IBudgetGrain>(endpoint).Renew(request.ToMessage()).AsTask().WaitAsync(cancellation).ConfigureAwait(false);
        return share?.ToReply();
    }

    /// <inheritdoc />
    public async ValueTask<BudgetView?> ViewAsync(string endpoint, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<IBudgetGrain>(endpoint).View().AsTask().WaitAsync(cancellation).ConfigureAwait(false);
        return view.Json is { } json ? BudgetJson.Read<BudgetView>(json) : null;
    }

    /// <inheritdoc />
    public async ValueTask<OrderOutcome> OrderAsync(string endpoint, Order order, CancellationToken cancellation) =>
        (OrderOutcome)await grains.GetGrain<IBudgetGrain>(endpoint).Order(order.ToMessage()).AsTask().WaitAsync(cancellation).ConfigureAwait(false);
}
