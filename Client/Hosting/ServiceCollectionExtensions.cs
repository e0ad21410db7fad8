using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansPool.Client.Lanes;

namespace OrleansPool.Client.Hosting;

/// <summary>Registers the pool's client beside an Orleans client.</summary>
public static class ServiceCollectionExtensions
{
    // A silo that comes back is taken for dead this long. With Orleans' own minute a client that lived through a rolling restart had one gateway left at
    // its end, and nowhere to turn when that one left, too.
    private static readonly TimeSpan _gatewayRefresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the pool's client. The process needs an Orleans client of the cluster, too (<c>UseOrleansClient</c>), or be a silo of it.
    /// </summary>
    /// <exception cref="Core.Hosting.InvalidConfigurationException">An option is out of range.</exception>
    public static IServiceCollection AddOrleansPoolClient(this IServiceCollection services, Action<OrleansPoolClientOptions>? configure = null)
    {
        var options = new OrleansPoolClientOptions();
        configure?.Invoke(options);
        options.Check();
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = _gatewayRefresh);
        services.TryAddSingleton<GatewayLinks>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ClientConnectionOptions>, GatewayConnectionWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClusterConnectionStatusObserver, ClusterGrowthWatch>(NewGrowthWatch));
        services.TryAddSingleton(provider => new OrleansPoolClient(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GatewayLinks>(), options, options.ClientId ?? ApplicationName(provider), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static string? ApplicationName(IServiceProvider provider) =>
        provider.GetService<IHostEnvironment>()?.ApplicationName is { Length: > 0 } name ? name : Assembly.GetEntryAssembly()?.GetName().Name;

    // Lazy: the Orleans client asks for its observers while it is being made, and the pool's client asks for the Orleans client.
    private static ClusterGrowthWatch NewGrowthWatch(IServiceProvider provider) => new(new Lazy<OrleansPoolClient>(provider.GetRequiredService<OrleansPoolClient>));
}
