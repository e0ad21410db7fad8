using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Pooling;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>A host with engine and ingress, as Standalone puts it together, on a free port of this machine.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    // Both versions of HTTP share the first port; those of endpoints follow.
    private readonly string[] _ports;

    private GatewayHost(WebApplication app, string[] addresses) => (_app, Address, _ports) = (app, new Uri(addresses[0]), [.. addresses.Skip(2)]);

    /// <summary>Where the ingress listens.</summary>
    public Uri Address { get; }

    /// <summary>The same, as a gRPC client takes it.</summary>
    public string Target => $"{Address.Host}:{Address.Port}";

    /// <summary>Starts a host with <paramref name="settings"/>, whose keys begin below <c>OrleansPool:Endpoints:</c>.</summary>
    public static Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <summary>The same, with a say in how the host is built.</summary>
    public static async Task<GatewayHost> StartAsync(Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"OrleansPool:Endpoints:{s.Key}", (string?)s.Value)));
        builder.Configuration.AddInMemoryCollection([new("OrleansPool:Gateway:Listen", "127.0.0.1:0"), new("OrleansPool:DrainTimeout", "00:00:02")]);
        configure(builder);
        builder.AddOrleansPoolGateway();
        var app = builder.Build().UseOrleansPoolGateway();
        await app.StartAsync();

        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return new GatewayHost(app, [.. addresses]) { LastPort = new Uri(addresses.Last()).Authority };
    }

    /// <summary>The pages of the host itself.</summary>
    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The port that was asked for last, <c>ip:port</c>.</summary>
    public string LastPort { get; private init; } = "";

    /// <summary>Where an endpoint's own port listens, <c>ip:port</c>: that of the first endpoint with one, the second, and so on.</summary>
    public string Port(int index) => new Uri(_ports[index]).Authority;

    /// <summary>The pool of an endpoint right now.</summary>
    public PoolSnapshot Pool(string endpoint) => Find(endpoint).Snapshot();

    /// <summary>What an endpoint did with its calls beyond sending them once.</summary>
    public CallTotals Calls(string endpoint) => Find(endpoint).Calls;

    /// <summary>Completes when no call is in flight and none waits: permits and channels have all come back.</summary>
    public Task IsQuietAsync(string endpoint) =>
        Eventually.HoldsAsync(() => Pool(endpoint) is { InFlight: 0, Waiting: 0, Busy: 0 }, $"no call in flight at {endpoint}");

    /// <summary>Stops it as a signal would: drain, then close. Completes when that is over.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private Endpoint Find(string endpoint)
    {
        Assert.True(_app.Services.GetRequiredService<EndpointDirectory>().TryGet(endpoint, out var found), $"No endpoint {endpoint}");
        return found;
    }
}
