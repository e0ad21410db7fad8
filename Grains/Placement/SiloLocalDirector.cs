using System.Net;
using Orleans.Runtime.Placement;

namespace OrleansPool.Grains.Placement;

/// <summary>Chooses the silo that the key names; else this one, unless it is leaving; then any other that can.</summary>
internal sealed class SiloLocalDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var candidates = context.GetCompatibleSilos(target);
        if (LaneKey.TryGetSilo(target.GrainIdentity.Key, out var named)) return Task.FromResult(Find(candidates, named));
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, candidates) is { } hint) return Task.FromResult(hint);
        if (!context.LocalSiloStatus.IsTerminating() && candidates.Contains(context.LocalSilo)) return Task.FromResult(context.LocalSilo);
        return Task.FromResult(candidates[Random.Shared.Next(candidates.Length)]);
    }

    private static SiloAddress Find(SiloAddress[] candidates, IPEndPoint named) =>
        Array.Find(candidates, silo => silo.Endpoint.Equals(named)) ?? throw new SiloUnavailableException($"No silo at {named} is a member of the cluster now.");
}
