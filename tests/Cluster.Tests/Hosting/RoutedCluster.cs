using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Testing.Http2;
using OrleansPool.Testing.JsonRpc;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>Two silos, an upstream behind them, and a client in front, shared by all tests that leave them as they were.</summary>
public sealed class RoutedCluster : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that share the cluster, one after the other.</summary>
    public const string Collection = "Routed";

    private readonly Http2Upstream _scripted = Http2Upstream.Start();

    internal JsonRpcUpstream JsonRpc { get; } = new();

    internal InteropUpstream Upstream { get; private set; } = null!;

    internal TestSilos Silos { get; private set; } = null!;

    internal PoolClient Client { get; private set; } = null!;

    /// <summary>The generated client, as every service has it.</summary>
    internal Interop.InteropClient Grpc { get; private set; } = null!;

    /// <summary>An upstream whose every frame is the test's decision, behind the endpoint <c>scripted</c>.</summary>
    internal Http2Upstream Scripted => _scripted;

    /// <summary>A TCP upstream whose every byte is the test's decision, behind the endpoint <c>lines</c>, with one connection.</summary>
    internal TcpUpstream Lines { get; } = TcpUpstream.Start();

    internal CallLog Calls => Upstream.Calls;

    public async Task InitializeAsync()
    {
        Upstream = await InteropUpstream.StartAsync();
        Silos = await TestSilos.StartAsync(2, _ => Settings());
        Client = await PoolClient.ConnectAsync(Silos.Address);
        Grpc = Client.Grpc();
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await Silos.DisposeAsync();
        await Upstream.DisposeAsync();
        await _scripted.DisposeAsync();
        await JsonRpc.DisposeAsync();
        await Lines.DisposeAsync();
    }

    private IEnumerable<(string Key, string Value)> Settings() =>
    [
        ("Endpoints:interop:Protocol", "grpc"),
        ("Endpoints:interop:Addresses:0", Upstream.Grpc),
        ("Endpoints:web:Protocol", "http1"),
        ("Endpoints:web:Addresses:0", Upstream.Web),
        ("Endpoints:narrow:Protocol", "grpc"),
        ("Endpoints:narrow:Addresses:0", Upstream.Grpc),
        ("Endpoints:narrow:Limits:MaxRequestMessageBytes", "100000"),
        ("Endpoints:narrow:Limits:MaxResponseMessageBytes", "100000"),
        ("Endpoints:lines:Protocol", "tcp"),
        ("Endpoints:lines:Addresses:0", Lines.Address),
        ("Endpoints:lines:Tcp:Framing", "delimiter"),
        ("Endpoints:lines:Tcp:Delimiter", "\\n"),
        ("Endpoints:lines:Tcp:Reset:Send", "reset\\n"),
        ("Endpoints:lines:Tcp:Reset:Expect", "done\\n"),
        ("Endpoints:lines:Pool:Max", "1"),
        ("Endpoints:scripted:Protocol", "grpc"),
        ("Endpoints:scripted:Addresses:0", _scripted.Address),
        ("Endpoints:rpc:Protocol", "jsonrpc"),
        ("Endpoints:rpc:Addresses:0", JsonRpc.Address),

        // Nobody listens there.
        ("Endpoints:gone:Protocol", "grpc"),
        ("Endpoints:gone:Addresses:0", "127.0.0.1:1"),
        ("Endpoints:gone:Pool:ConnectAttempts", "1"),
        ("Endpoints:gone-rpc:Protocol", "jsonrpc"),
        ("Endpoints:gone-rpc:Addresses:0", "127.0.0.1:1"),
        ("Endpoints:gone-rpc:Pool:ConnectAttempts", "1"),
        ("DrainTimeout", "00:00:02"),
    ];
}

/// <summary>Ties the tests to the cluster they share.</summary>
[CollectionDefinition(RoutedCluster.Collection)]
public sealed class RoutedClusterCollection : ICollectionFixture<RoutedCluster>;
