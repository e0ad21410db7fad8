using Microsoft.Extensions.Configuration;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Hosting;

/// <summary>
/// What a host serves when nobody told it what to serve: the endpoints <c>echo</c> and <c>hello</c>, to which samples/Upstream answers. One configured
/// endpoint, from wherever, and they are gone.
/// </summary>
internal static class SampleEndpoints
{
    public static void AddIfNoneConfigured(IConfigurationManager configuration)
    {
        if (configuration.GetSection($"{OrleansPoolOptions.Section}:Endpoints").GetChildren().Any()) return;
        var sample = typeof(SampleEndpoints).Assembly.GetManifestResourceStream("sample-endpoints.json")
            ?? throw new InvalidOperationException("The sample endpoints are missing from the assembly.");

        // By way of a configuration of its own: a stream can be read once, and the host's configuration is read again whenever a source is added.
        configuration.AddInMemoryCollection(new ConfigurationBuilder().AddJsonStream(sample).Build().AsEnumerable());
    }
}
