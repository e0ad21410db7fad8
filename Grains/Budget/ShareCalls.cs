using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains.Budget;

/// <summary>
/// Has all silos renew an endpoint's share, so that what an operator told its budget is in force everywhere at once. One that does not hear it does so with its next
/// renewal. Thread-safe.
/// </summary>
internal sealed class ShareCalls(IGrainFactory grains, IClusterMembershipService membership, TimeProvider time)
{
    // Longer than a silo needs that lives; the order is in force at the authority meanwhile.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Completes when all have heard it, or will not. Never throws.</summary>
    public async Task RenewAsync(string endpoint)
    {
        var silos = membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active);
        var calls = silos.Select(silo => grains.GetGrain<ISharesGrain>(LaneKey.To("", silo.SiloAddress.Endpoint)).Renew(endpoint).AsTask());
        await Task.WhenAll(calls).WaitAsync(_patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
