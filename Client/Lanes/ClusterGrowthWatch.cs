using OrleansPool.Client.Hosting;

namespace OrleansPool.Client.Lanes;

/// <summary>Lays all lanes anew when gateways were added.</summary>
internal sealed class ClusterGrowthWatch(Lazy<OrleansPoolClient> client) : IClusterConnectionStatusObserver
{
    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        if (currentNumberOfGateways > previousNumberOfGateways) client.Value.RenewLanes();
    }

    public void NotifyClusterConnectionLost()
    {
        // Calls learn of it by their own lanes.
    }
}
