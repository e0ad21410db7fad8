using OrleansPool.Core.Hosting;

namespace OrleansPool.Grains;

/// <summary>
/// Drains the pools while the silo is still a full member of the cluster: at this stage its clients are told to use other gateways, and calls that come
/// late can still be answered with a refusal. Later stages wait for running grain calls and take the network away.
/// </summary>
internal sealed class SiloDrain(PoolHost pools) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloDrain), ServiceLifecycleStage.Active, _ => Task.CompletedTask, _ => pools.DrainAsync());
}
