using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget.Store;

namespace OrleansPool.Grains.Budget;

/// <summary>
/// Keeps this silo's lease on the budget's store while the silo is a member of the cluster, and tells its budgets of the silos that died.
/// </summary>
internal sealed class BudgetLifetime(BudgetSeats seats, ISiloStatusOracle membership, ILogger<BudgetLifetime> logger) : ISiloStatusListener
{
    private readonly BudgetLog _log = new(logger);

    public void Start()
    {
        membership.SubscribeToSiloStatusEvents(this);
        seats.Start();
    }

    /// <summary>Hands all budgets over. After the drain: until then the shares of this silo, too, must be renewed somewhere. Never throws.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        membership.UnSubscribeFromSiloStatusEvents(this);
        try
        {
            await seats.StopAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.HandOverFailed("All endpoints", e);
        }
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead) seats.HolderDied(updatedSilo.Endpoint.ToString(), updatedSilo.Generation);
    }
}
