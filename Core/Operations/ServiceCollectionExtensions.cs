using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace OrleansPool.Core.Operations;

/// <summary>Registers what operators ask.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds the host's reports, and the ring of its events. Harmless to repeat. A cluster brings its own <see cref="IClusterReports"/>.</summary>
    public static IServiceCollection AddOrleansPoolReports(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(EventRing))) return services;
        services.AddSingleton(static provider => new EventRing(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILoggerProvider>(static provider => provider.GetRequiredService<EventRing>());
        services.AddSingleton<HostReporter>();
        services.TryAddSingleton<IClusterReports, OwnReport>();
        return services;
    }
}
