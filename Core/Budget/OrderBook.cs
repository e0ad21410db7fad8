namespace OrleansPool.Core.Budget;

/// <summary>
/// An authority's orders: those in force, and those of them that the store has or is to have. Not thread-safe.
/// </summary>
/// <param name="stored">What the store had when the authority took office.</param>
/// <param name="epoch">The authority's.</param>
internal sealed class OrderBook(Orders stored, long epoch)
{
    // An authority that has not heard its predecessor's orders must still give newer ones; no operator gives a million.
    private readonly long _first = epoch << 20;

    /// <summary>What holders are told.</summary>
    public Orders InForce { get; private set; } = stored with { Number = 0 };

    /// <summary>What outlives a restart.</summary>
    public Orders Kept { get; private set; } = stored with { Number = 0 };

    /// <summary>One more.</summary>
    public void Take(Order order)
    {
        InForce = InForce.After(order) with { Number = Math.Max(InForce.Number + 1, _first) };
        if (order.IsKept || order.TakesBack) Kept = Kept.After(order);
    }

    /// <summary>What a holder goes by. True when it is newer: from an authority before this one.</summary>
    public bool Hear(Orders orders)
    {
        if (orders.Number <= InForce.Number) return false;
        InForce = orders;
        return true;
    }
}
