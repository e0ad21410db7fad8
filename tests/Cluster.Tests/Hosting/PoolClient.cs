using System.Net;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>A service that calls through the pool, put together as an application does it: an Orleans client, the pool's client, generated clients.</summary>
internal sealed class PoolClient : IAsyncDisposable
{
    private readonly IHost _host;

    private PoolClient(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IClusterClient Cluster => Services.GetRequiredService<IClusterClient>();

    public static Task<PoolClient> ConnectAsync(ClusterAddress cluster, Action<IServiceCollection>? configure = null) =>
        ConnectAsync(cluster, services =>
        {
            configure?.Invoke(services);
            services.AddOrleansPoolClient();
        }, "the client to connect");

    /// <summary>A client that holds the endpoints of these settings itself, by key below <c>OrleansPool:</c>.</summary>
    public static Task<PoolClient> HoldAsync(ClusterAddress cluster, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"OrleansPool:{setting.Key}", (string?)setting.Value))).Build();
        return ConnectAsync(cluster, services => services.AddOrleansPoolClient(configuration, options => options.Mode = PoolMode.Local), "the local client to connect");
    }

    private static async Task<PoolClient> ConnectAsync(ClusterAddress cluster, Action<IServiceCollection> configure, string what)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .UseStaticClustering([.. cluster.Gateways])
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId)));
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync().InTime(what);
        return new PoolClient(host);
    }

    /// <summary>The generated client, on a channel of its own to an endpoint.</summary>
    public Interop.InteropClient Grpc(string endpoint = "interop") => new(Channel(endpoint));

    /// <summary>A channel that puts no bound of its own on messages.</summary>
    public GrpcChannel Channel(string endpoint = "interop") =>
        OrleansPoolGrpcChannel.For(Cluster, endpoint, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    public HttpMessageHandler Handler(string endpoint) => Services.GetRequiredService<OrleansPoolClient>().CreateHandler(endpoint);

    /// <summary>Its own pool of an endpoint that it holds.</summary>
    public PoolSnapshot Pool(string endpoint = "interop")
    {
        Assert.True(Services.GetRequiredService<EndpointDirectory>().TryGet(endpoint, out var held), $"This client does not hold {endpoint}");
        return held.Snapshot();
    }

    /// <summary>Calls until this client has a share of its own.</summary>
    public async Task GetsAShareAsync(string endpoint = "interop")
    {
        var grpc = Grpc(endpoint);
        await Eventually.HoldsAsync(
            async () =>
            {
                await grpc.EmptyAsync(new Nothing());
                return Pool(endpoint).Limit > 0;
            },
            "the client to get a share");
    }

    /// <summary>Stops it in good order.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Ends it as the end of its process would: no word to anybody.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await KillAsync();
        }
        finally
        {
            _host.Dispose();
        }
    }
}

/// <summary>Where a cluster's clients find it.</summary>
internal sealed record ClusterAddress(string ClusterId, string ServiceId, IReadOnlyList<IPEndPoint> Gateways);
