using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>What a host makes of a configuration.</summary>
internal static class Configured
{
    /// <summary>The prefix of the one endpoint of these tests.</summary>
    public const string Billing = "OrleansPool:Endpoints:billing";

    /// <summary>The options, from settings as <c>key=value</c>.</summary>
    public static OrleansPoolOptions Read(IEnumerable<string> settings, Action<OrleansPoolOptions>? configure = null)
    {
        var pairs = settings.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], string? (s) => s[1]);
        return Read(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build(), configure);
    }

    /// <summary>The options, from any configuration.</summary>
    public static OrleansPoolOptions Read(IConfiguration configuration, Action<OrleansPoolOptions>? configure = null)
    {
        var services = new ServiceCollection().AddOrleansPool(configuration, configure);
        return (OrleansPoolOptions)services.Single(service => service.ServiceType == typeof(OrleansPoolOptions)).ImplementationInstance!;
    }

    /// <summary>An endpoint without a mistake, and these settings on top: keys below the endpoint.</summary>
    public static EndpointOptions ReadBilling(params string[] settings) => Read(Sound(settings)).Endpoints["billing"];

    /// <summary>The mistakes that such an endpoint has.</summary>
    public static IReadOnlyList<string> MistakesOfBilling(params string[] settings) => Mistakes(Sound(settings));

    /// <summary>The mistakes of a whole configuration, all from one exception.</summary>
    public static IReadOnlyList<string> Mistakes(IEnumerable<string> settings, Action<OrleansPoolOptions>? configure = null)
    {
        var thrown = Assert.Throws<InvalidConfigurationException>(() => Read(settings, configure));
        Assert.All(thrown.Errors, error => Assert.Contains(error, thrown.Message, StringComparison.Ordinal));
        return thrown.Errors;
    }

    private static IEnumerable<string> Sound(string[] settings)
    {
        string[] sound = ["Protocol=grpc", "Addresses:0=10.0.0.1:50051"];
        return sound.Where(s => !settings.Any(other => other.StartsWith(s.Split('=')[0], StringComparison.Ordinal))).Concat(settings).Select(s => $"{Billing}:{s}");
    }
}
