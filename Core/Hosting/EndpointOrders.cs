using OrleansPool.Core.Budget;

namespace OrleansPool.Core.Hosting;

/// <summary>Gives operators' orders to the endpoints' budgets, and has this host go by them at once. Thread-safe.</summary>
public sealed class EndpointOrders
{
    private readonly IBudget _budget;
    private readonly EndpointShares _shares;

    internal EndpointOrders(IBudget budget, EndpointShares shares) => (_budget, _shares) = (budget, shares);

    /// <summary>In force at this host some milliseconds after this completes; an exception when the way to the budget is broken.</summary>
    public async ValueTask<OrderOutcome> GiveAsync(string endpoint, Order order, CancellationToken cancellation)
    {
        var outcome = await _budget.OrderAsync(endpoint, order, cancellation).ConfigureAwait(false);
        if (outcome != OrderOutcome.NobodyAnswers) _shares.Renew(endpoint);
        return outcome;
    }
}
