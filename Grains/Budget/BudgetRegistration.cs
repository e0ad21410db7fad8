using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Hosting;
using OrleansPool.Wire;

namespace OrleansPool.Grains.Budget;

/// <summary>Registers the budgets of a cluster.</summary>
internal static class BudgetRegistration
{
    public static void AddBudgets(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<IBudgetStore>(static services => new GrainStorageBudgetStore(
            services.GetRequiredKeyedService<IGrainStorage>(GrainStorageBudgetStore.StorageName), services.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton(NewLease);
        silo.Services.AddSingleton(NewSeats);
        silo.Services.AddSingleton<IBudgetAuthorities>(static services => services.GetRequiredService<BudgetSeats>());
        silo.Services.AddSingleton(NewIdentity);
        silo.Services.AddSingleton<ShareCalls>();
        silo.Services.AddSingleton<BudgetService>();
        silo.Services.AddSingleton<BudgetLifetime>();
        silo.Services.AddSingleton<IBudget, GrainBudget>();

        // With the directory that Orleans has by default every silo that leaves takes healthy activations along, wherever they are: those whose entry it
        // held. Budgets would move for nothing, and rows that are kept in memory would be lost.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
    }

    private static BudgetSeats NewSeats(IServiceProvider services)
    {
        var seats = new BudgetSeats(
            services.GetRequiredService<SiloLease>(), services.GetRequiredService<IBudgetStore>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>());
        foreach (var endpoint in services.GetServices<EndpointBudget>()) seats.Add(endpoint.Settings, endpoint.Law);
        return seats;
    }

    // The generation is a time of start: it grows with each process at an address.
    private static HolderIdentity NewIdentity(IServiceProvider services)
    {
        var address = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        return new HolderIdentity(address.Endpoint.ToString(), address.Generation);
    }

    private static SiloLease NewLease(IServiceProvider services) => new(
        services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString(), services.GetRequiredService<IBudgetStore>(),
        services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<SiloLease>>());
}
