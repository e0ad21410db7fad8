using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Hosting;
using OrleansPool.Grains.Budget;

namespace OrleansPool.Grains;

/// <summary>
/// Drains the pools, hands the budgets over, and lets streams end that other silos serve, while the silo is still a full member of the cluster: at this stage its clients are told to use other
/// gateways, and calls that come late can still be answered with a refusal. Later stages wait for running grain calls and take the network away.
/// </summary>
internal sealed class SiloDrain(PoolHost pools, BudgetLifetime budgets, StreamTable streams, OrleansPoolOptions options) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SiloDrain), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellation)
    {
        budgets.Start();
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        await pools.DrainAsync().ConfigureAwait(false);
        await budgets.StopAsync(cancellation).ConfigureAwait(false);
        await streams.DrainAsync(options.DrainTimeout).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
