using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Upstream;

namespace OrleansPool.Cluster.Tests.Operations;

/// <summary>Three silos with one endpoint.</summary>
public sealed class ReportingCluster : IAsyncLifetime
{
    internal InteropUpstream Upstream { get; private set; } = null!;

    internal TestSilos Silos { get; private set; } = null!;

    internal IEnumerable<(string Key, string Value)> Settings =>
        [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", Upstream.Grpc), ("DrainTimeout", "00:00:02")];

    public async Task InitializeAsync()
    {
        Upstream = await InteropUpstream.StartAsync();
        Silos = await TestSilos.StartAsync(3, _ => Settings);
    }

    public async Task DisposeAsync()
    {
        await Silos.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
