using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Upstream;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>Two silos that have the pool's client, too, with an upstream behind them.</summary>
public sealed class CoHostedCluster : IAsyncLifetime
{
    internal GrainCallLog GrainCalls { get; } = new();

    internal InteropUpstream Upstream { get; private set; } = null!;

    internal TestSilos Silos { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Upstream = await InteropUpstream.StartAsync();
        Silos = await TestSilos.StartAsync(2, _ => Settings(), services =>
        {
            services.AddOrleansPoolClient();
            GrainCalls.ListenTo(services);
        });
    }

    public async Task DisposeAsync()
    {
        await Silos.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private IEnumerable<(string Key, string Value)> Settings() =>
    [
        ("Endpoints:interop:Protocol", "grpc"),
        ("Endpoints:interop:Addresses:0", Upstream.Grpc),
        ("Endpoints:web:Protocol", "http1"),
        ("Endpoints:web:Addresses:0", Upstream.Web),

        // Nobody listens there.
        ("Endpoints:gone:Protocol", "grpc"),
        ("Endpoints:gone:Addresses:0", "127.0.0.1:1"),
        ("Endpoints:gone:Pool:ConnectAttempts", "1"),
        ("DrainTimeout", "00:00:02"),
    ];
}
