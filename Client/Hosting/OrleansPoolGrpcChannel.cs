using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansPool.Client.Hosting;

/// <summary>gRPC channels through the pool, for code that has an Orleans client but no container of its own.</summary>
public static class OrleansPoolGrpcChannel
{
    /// <summary>A channel whose calls all go to <paramref name="endpoint"/>. Cheap; still, keep one.</summary>
    /// <param name="cluster">The Orleans client, built with <see cref="ServiceCollectionExtensions"/> among its services.</param>
    /// <param name="endpoint">Name of the endpoint.</param>
    /// <param name="options">Options of the channel; its handler is set here.</param>
    /// <exception cref="InvalidOperationException">The Orleans client was built without the pool's client.</exception>
    public static GrpcChannel For(IClusterClient cluster, string endpoint, GrpcChannelOptions? options = null)
    {
        var pool = cluster.ServiceProvider.GetService<OrleansPoolClient>() ?? throw new InvalidOperationException(
            "This Orleans client knows no pool. Call AddOrleansPoolClient() on the services that it is built from.");
        options ??= new GrpcChannelOptions();
        options.HttpHandler = pool.CreateHandler(endpoint);
        return GrpcChannel.ForAddress(HttpClientBuilderExtensions.AddressOf(endpoint), options);
    }
}
