using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Budget;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>
/// Three silos, each with an upstream of its own, so that it shows which of them makes a call. The client knows the first alone, which has no share.
/// </summary>
public sealed class ForwardingCluster : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that share the cluster, one after the other.</summary>
    public const string Collection = "Forwarding";

    internal const string Endpoint = "interop";

    /// <summary>A TCP endpoint, with one upstream for all.</summary>
    internal const string Lines = "lines";

    private const int Silos = 3;
    private const int Permits = 1000;

    internal InteropUpstream[] Upstreams { get; private set; } = [];

    internal TcpUpstream LinesUpstream { get; } = TcpUpstream.Start();

    internal TestSilos Cluster { get; private set; } = null!;

    internal PoolClient Client { get; private set; } = null!;

    internal Interop.InteropClient Grpc { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Upstreams = await Task.WhenAll(Enumerable.Range(0, Silos).Select(silo => InteropUpstream.StartAsync($"the upstream of silo {silo}")));
        var budget = new OneTimeBudget();
        Cluster = await TestSilos.StartAsync(
            Silos,
            silo =>
            [
                ($"Endpoints:{Endpoint}:Protocol", "grpc"), ($"Endpoints:{Endpoint}:Addresses:0", Upstreams[silo].Grpc),
                ($"Endpoints:{Lines}:Protocol", "tcp"), ($"Endpoints:{Lines}:Addresses:0", LinesUpstream.Address), ($"Endpoints:{Lines}:Tcp:HalfCloseTimeout", "00:00:02"),
            ],
            services => services.AddSingleton<IBudget>(budget));
        Client = await PoolClient.ConnectAsync(Cluster.Address with { Gateways = [Cluster.Address.Gateways[0]] });
        Grpc = Client.Grpc();
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await Cluster.DisposeAsync();
        foreach (var upstream in Upstreams) await upstream.DisposeAsync();
        await LinesUpstream.DisposeAsync();
    }

    /// <summary>The first silo has no share and knows that these have; the others have one each.</summary>
    internal void SharesAreAt(params int[] holders) => SharesOfAreAt(Endpoint, holders);

    /// <summary>The same for an endpoint of that name.</summary>
    internal void SharesOfAreAt(string endpoint, params int[] holders)
    {
        for (var silo = 1; silo < Silos; silo++) Cluster.GiveShare(silo, endpoint, Permits);
        Cluster.MoveShare(0, endpoint, holders);
    }

    /// <summary>How many calls of that id arrived, by silo.</summary>
    internal int[] Arrived(string id) => [.. Upstreams.Select(upstream => upstream.Calls.HasSeen(id) ? upstream.Calls.Of(id).Arrived : 0)];
}

/// <summary>Ties the tests to the cluster they share.</summary>
[CollectionDefinition(ForwardingCluster.Collection)]
public sealed class ForwardingClusterCollection : ICollectionFixture<ForwardingCluster>;
