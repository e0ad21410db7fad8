using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Hosting.Metrics;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Hosting;

/// <summary>Registers the engine.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the endpoints of the section <c>OrleansPool</c>, warmed when the host starts and drained when it stops.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="configure">Adds to or changes what was read, before it is checked.</param>
    /// <param name="errors">Mistakes found elsewhere in the section, to be told together with those found here.</param>
    /// <exception cref="InvalidConfigurationException">The configuration has mistakes; the message lists them all.</exception>
    public static IServiceCollection AddOrleansPool(
        this IServiceCollection services, IConfiguration configuration, Action<OrleansPoolOptions>? configure = null, ConfigErrors? errors = null)
    {
        var framings = new Framings(services.Select(service => service.ImplementationInstance).OfType<FramingRegistration>());
        var reader = new OptionsReader(configuration, configure, framings);
        var options = Read(reader, errors ?? new ConfigErrors());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAddressResolver, DnsAddressResolver>();
        services.AddSingleton(options);
        services.AddSingleton(framings);
        services.AddSingleton(provider => NewDirectory(provider, options));
        foreach (var (name, endpoint) in options.Endpoints) services.AddSingleton(new EndpointBudget(endpoint.ToBudget(name, options.Budget), LimitLaws.Create(endpoint.LawName)));

        // A cluster brings its own of these.
        services.TryAddSingleton(NewBudget);
        services.TryAddSingleton<IBudget>(static provider => provider.GetRequiredService<InProcessBudget>());
        services.TryAddSingleton<IBudgetAuthorities>(static provider => provider.GetRequiredService<InProcessBudget>());
        services.TryAddSingleton(new HolderIdentity("this process", 1));
        services.AddSingleton(NewShares);
        services.AddSingleton(static provider => new EndpointOrders(provider.GetRequiredService<IBudget>(), provider.GetRequiredService<EndpointShares>()));
        services.AddSingleton<PoolHost>();
        services.AddHostedService(provider => provider.GetRequiredService<PoolHost>());
        services.TryAddSingleton(static provider => new PoolMeter(provider.GetService<IMeterFactory>()));
        services.AddSingleton<ConfigurationMetrics>();
        services.AddHostedService<MetricsRegistration>();
        services.AddSingleton(reader);
        services.AddSingleton<LiveEndpoints>();
        services.AddSingleton<ConfigurationReload>();
        services.AddSingleton<IConfigurationState>(static provider => provider.GetRequiredService<ConfigurationReload>());
        services.AddHostedService(provider => provider.GetRequiredService<ConfigurationReload>());
        return services;
    }

    /// <summary>
    /// Makes a framing of one's own known under a name for <c>Tcp:Framing</c>. To be called before the pool is added, which checks what its options name.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty, or that of another framing.</exception>
    public static IServiceCollection AddOrleansPoolFraming(this IServiceCollection services, string name, IFraming framing)
    {
        var known = new Framings(services.Select(service => service.ImplementationInstance).OfType<FramingRegistration>());
        if (name.Length == 0 || known.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException($"A framing needs a name that no other has; there are {string.Join(", ", known.Names)}.", nameof(name));
        return services.AddSingleton(new FramingRegistration(name, framing));
    }

    private static OrleansPoolOptions Read(OptionsReader reader, ConfigErrors errors)
    {
        var options = reader.Read(errors);
        errors.ThrowIfAny();
        return options;
    }

    private static InProcessBudget NewBudget(IServiceProvider services)
    {
        var budget = new InProcessBudget(services.GetRequiredService<TimeProvider>());
        foreach (var endpoint in services.GetServices<EndpointBudget>()) budget.Add(endpoint.Settings, endpoint.Law);
        return budget;
    }

    private static EndpointShares NewShares(IServiceProvider services)
    {
        var settings = services.GetServices<EndpointBudget>().ToDictionary(budget => budget.Settings.Endpoint, budget => budget.Settings, StringComparer.OrdinalIgnoreCase);
        return new EndpointShares(
            services.GetRequiredService<EndpointDirectory>().All.Select(endpoint => (endpoint, settings[endpoint.Name])), services.GetRequiredService<IBudget>(),
            services.GetRequiredService<HolderIdentity>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<PoolMeter>());
    }

    private static EndpointDirectory NewDirectory(IServiceProvider services, OrleansPoolOptions options)
    {
        var factory = new EndpointFactory(
            services.GetRequiredService<IAddressResolver>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>(),
            services.GetRequiredService<Framings>(), services.GetService<IForwarding>(), services.GetRequiredService<PoolMeter>());
        return new EndpointDirectory(factory.CreateAll(options.Endpoints));
    }
}
