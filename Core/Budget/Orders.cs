using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Budget;

/// <summary>
/// What operators told an endpoint, all together. The authority has it and tells every holder with its share; a holder goes by what it heard last, and tells it an
/// authority that is new, so that orders outlive the process that they were given to. Immutable.
/// </summary>
public sealed record Orders
{
    /// <summary>Nobody said anything.</summary>
    public static Orders None { get; } = new();

    /// <summary>Greater with each order, over all authorities: of two the newer has the greater one. 0 for what came from the store, and for none.</summary>
    public long Number { get; init; }

    /// <summary>Calls wait; none is begun.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Calls wait, and connections close.</summary>
    public bool IsDrained { get; init; }

    /// <summary>The limit, whatever the law finds; null for the law's.</summary>
    public int? Limit { get; init; }

    /// <summary>The cap, where the configured one is higher; null for the configured one.</summary>
    public int? Cap { get; init; }

    /// <summary>What is done with the limit; null for what is configured.</summary>
    public LimitMode? Mode { get; init; }

    /// <summary>How often idle connections were to close.</summary>
    public int Evictions { get; init; }

    /// <summary>How often all connections were to be replaced.</summary>
    public int Reconnects { get; init; }

    /// <summary>True when calls wait, whether connections stay or not.</summary>
    public bool HoldsCalls => IsPaused || IsDrained;

    /// <summary>These and one more.</summary>
    public Orders After(Order order) => order.Verb switch
    {
        OrderVerb.Pause => this with { IsPaused = true },
        OrderVerb.Drain => this with { IsDrained = true },
        OrderVerb.Resume => this with { IsPaused = false, IsDrained = false },
        OrderVerb.EvictIdle => this with { Evictions = Evictions + 1 },
        OrderVerb.Reconnect => this with { Reconnects = Reconnects + 1 },
        OrderVerb.SetLimit => this with { Limit = order.Number },
        OrderVerb.SetCap => this with { Cap = order.Number },
        OrderVerb.SetMode => this with { Mode = order.Mode },
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.Verb, "An order has one of the verbs."),
    };
}
