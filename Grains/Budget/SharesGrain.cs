using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansPool.Core.Hosting;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains.Budget;

/// <summary>The address of a silo's shares, and nothing more.</summary>
[SiloLocal, GrainDirectory(NoDirectory.Name), Reentrant]
internal sealed class SharesGrain(EndpointShares shares) : Grain, ISharesGrain
{
    public ValueTask Renew(string endpoint)
    {
        shares.Renew(endpoint);
        return default;
    }
}
