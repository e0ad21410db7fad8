namespace OrleansPool.Grains.Abstractions;

/// <summary>
/// The budget of an endpoint, key its name: deals limit and cap to the holders as shares that expire. One activation in the cluster, or two for a moment:
/// which of them may answer is decided by leases in the store, not by Orleans (docs/budget.md). Called by whoever holds connections, never for a single call.
/// </summary>
[Alias("orleanspool.budget")]
public interface IBudgetGrain : IGrainWithStringKey
{
    /// <summary>Reports and asks for a share. Null when no share can be dealt from there now.</summary>
    [Alias("renew"), ResponseTimeout(WireLimits.RenewTimeout)]
    ValueTask<ShareMessage?> Renew(RenewMessage request);

    /// <summary>The budget as it is now, for people.</summary>
    [Alias("view"), ResponseTimeout(WireLimits.ViewTimeout)]
    ValueTask<BudgetViewMessage> View();

    /// <summary>An operator's order. What became of it: the engine's OrderOutcome, by its number.</summary>
    [Alias("order"), ResponseTimeout(WireLimits.ViewTimeout)]
    ValueTask<int> Order(OrderMessage order);
}
