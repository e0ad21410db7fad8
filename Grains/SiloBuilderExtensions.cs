using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Operations;
using OrleansPool.Grains.Budget;
using OrleansPool.Grains.Forwarding;
using OrleansPool.Grains.Placement;
using OrleansPool.Grains.Reports;

namespace OrleansPool.Grains;

/// <summary>Adds the pool's grains to a silo.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>Time that clients have to turn to other gateways before a stopping silo closes its own.</summary>
    private static readonly TimeSpan _goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Adds the grains, their placement, and the drain at the right stage. The engine must be registered, too, and a grain storage called "budget".</summary>
    public static ISiloBuilder AddOrleansPoolGrains(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<StreamTable>();
        silo.Services.AddSingleton<SiloIdentity>();
        silo.Services.AddSingleton<LaneService>();
        silo.AddBudgets();
        silo.Services.AddSingleton<IClusterReports, SiloReports>();
        silo.Services.AddOrleansPoolReports();
        silo.Services.AddSingleton<PeerSilos>();
        silo.Services.AddSingleton<IForwarding, SiloForwarding>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloDrain>();
        silo.Services.Configure<SiloMessagingOptions>(messaging => messaging.ClientGatewayShutdownNotificationTimeout = _goodbye);
        silo.AddGrainDirectory(NoDirectory.Name, static (_, _) => new NoDirectory());
        silo.AddPlacementDirector<SiloLocalPlacement, SiloLocalDirector>();
        return silo;
    }
}
