using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>One line of registration, and the clients that a service has call through the pool.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class RegistrationTests(RoutedCluster cluster)
{
    [Fact]
    public async Task HttpClient_UsesThePool_CallsTheEndpointWithoutAnAddress()
    {
        await using var service = await ConnectAsync(services => services.AddHttpClient("x").UseOrleansPool("web"));
        using var client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

        Assert.StartsWith("GET /mirror/here\n", await client.GetStringAsync("/mirror/here").InTime("the answer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpClient_HasAnAddress_OnlyItsPathCounts()
    {
        await using var service = await ConnectAsync(services =>
            services.AddHttpClient("x", client => client.BaseAddress = new Uri("https://billing.example/mirror/")).UseOrleansPool("web"));
        using var client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

        Assert.StartsWith("GET /mirror/there\n", await client.GetStringAsync("there").InTime("the answer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrpcClient_UsesThePool_CallsTheEndpointWithoutAnAddress()
    {
        await using var service = await ConnectAsync(services => services.AddGrpcClient<Interop.InteropClient>().UseOrleansPool("interop"));
        var client = service.Services.GetRequiredService<Interop.InteropClient>();

        Assert.Equal(7, (await client.UnaryAsync(new Wish { ReplySize = 7 }).RepliesAsync()).Body.Length);
        using var call = client.Produce(new Wish { Replies = 3, ReplySize = 5 });
        Assert.Equal(3, (await call.ResponseStream.RestAsync()).Count);
    }

    [Fact]
    public async Task GrpcClients_OfTwoEndpoints_CallEachItsOwn()
    {
        await using var service = await ConnectAsync(services =>
        {
            services.AddGrpcClient<Interop.InteropClient>("right").UseOrleansPool("interop");
            services.AddGrpcClient<Interop.InteropClient>("wrong").UseOrleansPool("nowhere");
        });
        var clients = service.Services.GetRequiredService<Grpc.Net.ClientFactory.GrpcClientFactory>();

        await clients.CreateClient<Interop.InteropClient>("right").EmptyAsync(new Nothing()).RepliesAsync();
        await clients.CreateClient<Interop.InteropClient>("wrong").EmptyAsync(new Nothing()).FailsAsync(Grpc.Core.StatusCode.Unimplemented);
    }

    [Fact]
    public async Task GrpcChannel_WithoutAContainer_CallsTheEndpoint()
    {
        using var channel = OrleansPoolGrpcChannel.For(cluster.Client.Cluster, "interop");

        await new Interop.InteropClient(channel).EmptyAsync(new Nothing()).RepliesAsync();
    }

    [Fact]
    public void GrpcChannel_OrleansClientWithoutThePool_SaysWhatToAdd()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, 1)));
        using var host = builder.Build();

        var error = Assert.Throws<InvalidOperationException>(() => OrleansPoolGrpcChannel.For(host.Services.GetRequiredService<IClusterClient>(), "interop"));
        Assert.Contains("AddOrleansPoolClient", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedTogether()
    {
        var error = Assert.Throws<InvalidConfigurationException>(() => new ServiceCollection().AddOrleansPoolClient(options =>
            (options.Lanes, options.BeatPeriod, options.BeatTimeout, options.ClientId) = (0, TimeSpan.Zero, TimeSpan.FromSeconds(30), "")));

        Assert.All(["Lanes", "BeatPeriod", "BeatTimeout", "ClientId"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(501, true)]
    [InlineData(500, false)]
    public void Options_BeatsThatComeTooLateForThePromise_AreRefused(int period, bool isRefused)
    {
        void Add() => new ServiceCollection().AddOrleansPoolClient(options =>
            (options.BeatPeriod, options.BeatTimeout) = (TimeSpan.FromMilliseconds(period), TimeSpan.FromSeconds(1.5)));
        if (isRefused) Assert.Contains("BeatPeriod + BeatTimeout = 00:00:02.0010000: at most 00:00:02 together", Assert.Throws<InvalidConfigurationException>(Add).Message, StringComparison.Ordinal);
        else Add();
    }

    private Task<PoolClient> ConnectAsync(Action<IServiceCollection> configure) => PoolClient.ConnectAsync(cluster.Silos.Address, configure);
}
