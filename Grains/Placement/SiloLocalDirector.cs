using Orleans.Runtime.Placement;

namespace OrleansPool.Grains.Placement;

/// <summary>Chooses this silo, unless it is leaving; then any other that can.</summary>
internal sealed class SiloLocalDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var candidates = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, candidates) is { } hint) return Task.FromResult(hint);
        if (!context.LocalSiloStatus.IsTerminating() && candidates.Contains(context.LocalSilo)) return Task.FromResult(context.LocalSilo);
        return Task.FromResult(candidates[Random.Shared.Next(candidates.Length)]);
    }
}
