namespace OrleansPool.Core.Budget;

/// <summary>The way to the budget of an endpoint: in this process, or a grain. Thread-safe.</summary>
public interface IBudget
{
    /// <summary>
    /// Reports and asks for a share. Null when the authority cannot answer now, because its own lease on the store is over or it has just moved; an
    /// exception when the way there is broken. In both cases the holder lives on its lease.
    /// </summary>
    ValueTask<RenewReply?> RenewAsync(string endpoint, RenewRequest request, CancellationToken cancellation);

    /// <summary>The budget as it is now, for people; null when it is not held anywhere at the moment, or there is no such endpoint.</summary>
    ValueTask<BudgetView?> ViewAsync(string endpoint, CancellationToken cancellation);

    /// <summary>
    /// Tells an endpoint what an operator wants. In force when this completes, at each holder with its next renewal; who tells it sees to it that the hosts renew soon.
    /// An exception when the way there is broken.
    /// </summary>
    ValueTask<OrderOutcome> OrderAsync(string endpoint, Order order, CancellationToken cancellation);
}
