using OrleansPool.Core.Limits;

namespace OrleansPool.Core.Budget;

/// <summary>One thing that an operator tells an endpoint.</summary>
/// <param name="Verb">What.</param>
/// <param name="Number">With <see cref="OrderVerb.SetLimit"/> and <see cref="OrderVerb.SetCap"/>: 1 or more; null takes the order before back.</param>
/// <param name="Mode">With <see cref="OrderVerb.SetMode"/>; null takes the order before back.</param>
/// <param name="IsKept">True to have it in the store, so that it holds beyond a restart of the whole cluster.</param>
public sealed record Order(OrderVerb Verb, int? Number = null, LimitMode? Mode = null, bool IsKept = false)
{
    /// <summary>True for one that ends another: what the store has of that ends with it, or it would come back with the next restart.</summary>
    public bool TakesBack => Verb switch
    {
        OrderVerb.Resume => true,
        OrderVerb.SetLimit or OrderVerb.SetCap => Number is null,
        OrderVerb.SetMode => Mode is null,
        _ => false,
    };
}
