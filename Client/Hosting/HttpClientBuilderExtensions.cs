using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansPool.Client.Hosting;

/// <summary>Sends the calls of a registered client through the pool.</summary>
public static class HttpClientBuilderExtensions
{
    /// <summary>
    /// Makes the client call <paramref name="endpoint"/>: <c>AddGrpcClient&lt;T&gt;().UseOrleansPool("billing")</c> and
    /// <c>AddHttpClient("x").UseOrleansPool("billing")</c>. The client needs no address; where it has one, only path and query of it count.
    /// </summary>
    public static IHttpClientBuilder UseOrleansPool(this IHttpClientBuilder builder, string endpoint)
    {
        var address = AddressOf(endpoint);
        builder.Services.Configure<GrpcClientFactoryOptions>(builder.Name, options => options.Address ??= address);
        builder.ConfigureHttpClient(client => client.BaseAddress ??= address);
        return builder.ConfigurePrimaryHttpMessageHandler(services => services.GetRequiredService<OrleansPoolClient>().CreateHandler(endpoint));
    }

    /// <summary>An address for clients that insist on one.</summary>
    internal static Uri AddressOf(string endpoint) => new($"http://{endpoint}.pool");
}
