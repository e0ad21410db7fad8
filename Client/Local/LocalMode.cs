using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Wire;

namespace OrleansPool.Client.Local;

/// <summary>Makes a client process a holder: the engine as a silo has it, with the budgets of the cluster.</summary>
internal static class LocalMode
{
    public static void AddLocalMode(this IServiceCollection services, IConfiguration configuration, OrleansPoolClientOptions options)
    {
        services.AddSingleton<IBudget, GrainBudget>();
        services.AddSingleton<IBudgetAuthorities, BudgetsElsewhere>();
        services.AddSingleton(provider => new HolderIdentity(NameOf(options.ClientId ?? Hosting.ServiceCollectionExtensions.ApplicationName(provider)), 1, IsClient: true));
        services.AddOrleansPool(configuration, KeepNothingIdle);
    }

    // By a name of its own: a process that comes after this one, on whatever machine, is another holder.
    private static string NameOf(string? client) => $"{client ?? "client"} on {Environment.MachineName}, process {Environment.ProcessId}, {Guid.NewGuid():N}"[..^24];

    // The minimum is for hosts: clients come in any number, and have no share while they have no calls.
    private static void KeepNothingIdle(OrleansPoolOptions pool)
    {
        foreach (var endpoint in pool.Endpoints.Values) endpoint.Pool.Min = 0;
    }
}
