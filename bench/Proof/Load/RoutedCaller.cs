using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansPool.Client.Hosting;

namespace OrleansPool.Bench.Proof.Load;

/// <summary>Calls by way of the cluster: the pool's client over an Orleans client, as a .NET service does it.</summary>
internal sealed class RoutedCaller : ICaller
{
    private readonly IHost _host;
    private readonly HttpMessageInvoker _way;
    private readonly Uri _target;

    private RoutedCaller(IHost host, string endpoint)
    {
        (_host, _target) = (host, new Uri($"http://{endpoint}.pool"));
        _way = new HttpMessageInvoker(host.Services.GetRequiredService<OrleansPoolClient>().CreateHandler(endpoint));
    }

    /// <summary>Of the Orleans client.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Connects to the cluster.</summary>
    public static async Task<RoutedCaller> ConnectAsync(string cluster, string endpoint, IEnumerable<IPEndPoint> gateways, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .UseStaticClustering([.. gateways])
            .Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (cluster, cluster)));
        builder.Services.AddOrleansPoolClient();
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new RoutedCaller(host, endpoint);
    }

    /// <inheritdoc />
    public Task<string?> CallAsync(CancellationToken cancellation) => Answers.CallAsync(_way, _target, _target.Host, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Without a word to anybody: silos may be gone already.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
        _host.Dispose();
    }
}
