using Orleans.GrainDirectory;

namespace OrleansPool.Grains.Placement;

/// <summary>
/// A directory that knows nothing and asks nobody. Silo-local grains are not registered, but the first call to a key would still look it up, perhaps on a
/// silo that just died.
/// </summary>
internal sealed class NoDirectory : IGrainDirectory
{
    public const string Name = "orleanspool-none";

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
