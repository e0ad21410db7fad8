using System.Net;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>A service that calls through the pool, put together as an application does it: an Orleans client, the pool's client, generated clients.</summary>
internal sealed class PoolClient : IAsyncDisposable
{
    private readonly IHost _host;

    private PoolClient(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IClusterClient Cluster => Services.GetRequiredService<IClusterClient>();

    public static async Task<PoolClient> ConnectAsync(ClusterAddress cluster, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .UseStaticClustering([.. cluster.Gateways])
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId)));
        configure?.Invoke(builder.Services);
        builder.Services.AddOrleansPoolClient();
        var host = builder.Build();
        await host.StartAsync().InTime("the client to connect");
        return new PoolClient(host);
    }

    /// <summary>The generated client, on a channel of its own to an endpoint.</summary>
    public Interop.InteropClient Grpc(string endpoint = "interop") => new(Channel(endpoint));

    /// <summary>A channel that puts no bound of its own on messages.</summary>
    public GrpcChannel Channel(string endpoint = "interop") =>
        OrleansPoolGrpcChannel.For(Cluster, endpoint, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    public HttpMessageHandler Handler(string endpoint) => Services.GetRequiredService<OrleansPoolClient>().CreateHandler(endpoint);

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
