using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Wire;

/// <summary>Between an operator's orders and their messages. Stateless.</summary>
public static class OrderMapping
{
    /// <summary>An order, to be sent.</summary>
    public static OrderMessage ToMessage(this Order order) => new() { Verb = (int)order.Verb, Number = order.Number, Mode = (int?)order.Mode, IsKept = order.IsKept };

    /// <summary>An order, as it came; null for one of a later version, whose verb nobody here knows.</summary>
    public static Order? ToOrder(this OrderMessage message) =>
        Enum.IsDefined((OrderVerb)message.Verb) ? new((OrderVerb)message.Verb, message.Number, (LimitMode?)message.Mode, message.IsKept) : null;

    internal static OrdersMessage ToMessage(this Orders orders) => new()
    {
        Number = orders.Number,
        IsPaused = orders.IsPaused,
        IsDrained = orders.IsDrained,
        Limit = orders.Limit,
        Cap = orders.Cap,
        Mode = (int?)orders.Mode,
        Evictions = orders.Evictions,
        Reconnects = orders.Reconnects,
    };

    internal static Orders ToOrders(this OrdersMessage message) => new()
    {
        Number = message.Number,
        IsPaused = message.IsPaused,
        IsDrained = message.IsDrained,
        Limit = message.Limit,
        Cap = message.Cap,
        Mode = (LimitMode?)message.Mode,
        Evictions = message.Evictions,
        Reconnects = message.Reconnects,
    };
}
