using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansPool.Client.Lanes;
using OrleansPool.Client.Local;

namespace OrleansPool.Client.Hosting;

/// <summary>Registers the pool's client beside an Orleans client.</summary>
public static class ServiceCollectionExtensions
{
    // A silo that comes back is taken for dead this long. With Orleans' own minute a client that lived through a rolling restart had one gateway left at
    // its end, and nowhere to turn when that one left, too.
    private static readonly TimeSpan _gatewayRefresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the pool's client. The process needs an Orleans client of the cluster, too (<c>UseOrleansClient</c>), or be a silo of it: a silo of the pool calls
    /// over its own channels.
    /// </summary>
    /// <exception cref="Core.Hosting.InvalidConfigurationException">An option is out of range.</exception>
    public static IServiceCollection AddOrleansPoolClient(this IServiceCollection services, Action<OrleansPoolClientOptions>? configure = null) =>
        services.AddClient(null, configure);

    /// <summary>The same for a process that may hold channels itself: <see cref="PoolMode.Local"/>.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">The whole configuration: with local mode the endpoints to hold are read from its section <c>OrleansPool</c>, as a silo reads them.</param>
    /// <param name="configure">Changes the options, before they are checked.</param>
    /// <exception cref="Core.Hosting.InvalidConfigurationException">An option is out of range, or with local mode the configuration has mistakes.</exception>
    public static IServiceCollection AddOrleansPoolClient(this IServiceCollection services, IConfiguration configuration, Action<OrleansPoolClientOptions>? configure = null) =>
        services.AddClient(configuration, configure);

    private static IServiceCollection AddClient(this IServiceCollection services, IConfiguration? configuration, Action<OrleansPoolClientOptions>? configure)
    {
        var options = new OrleansPoolClientOptions();
        configure?.Invoke(options);
        options.Check(configuration is not null);
        if (options.Mode == PoolMode.Local) services.AddLocalMode(configuration!, options);
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = _gatewayRefresh);
        services.TryAddSingleton<GatewayLinks>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ClientConnectionOptions>, GatewayConnectionWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClusterConnectionStatusObserver, ClusterGrowthWatch>(NewGrowthWatch));
        services.TryAddSingleton(provider => new OrleansPoolClient(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GatewayLinks>(), options, options.ClientId ?? ApplicationName(provider),
            HeldEndpoints.In(provider), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    internal static string? ApplicationName(IServiceProvider provider) =>
        provider.GetService<IHostEnvironment>()?.ApplicationName is { Length: > 0 } name ? name : Assembly.GetEntryAssembly()?.GetName().Name;

    // Lazy: the Orleans client asks for its observers while it is being made, and the pool's client asks for the Orleans client.
    private static ClusterGrowthWatch NewGrowthWatch(IServiceProvider provider) => new(new Lazy<OrleansPoolClient>(provider.GetRequiredService<OrleansPoolClient>));
}
