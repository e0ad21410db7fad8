using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Upstream;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>Two silos whose grain calls are noted.</summary>
public sealed class CountedCluster : IAsyncLifetime
{
    private InteropUpstream _upstream = null!;
    private TestSilos _silos = null!;
    private PoolClient _client = null!;

    internal GrainCallLog GrainCalls { get; } = new();

    internal Interop.InteropClient Grpc { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _upstream = await InteropUpstream.StartAsync();
        _silos = await TestSilos.StartAsync(2, _ => [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", _upstream.Grpc)], GrainCalls.ListenTo);
        _client = await PoolClient.ConnectAsync(_silos.Address);
        Grpc = _client.Grpc();
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _silos.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
