using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>A service in this process, behind real sockets: gRPC on one port, HTTP/1.1 on another. The test sees every call, and opens its gate.</summary>
internal sealed class InteropUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InteropUpstream(WebApplication app, CallLog calls, ConnectionCount connections) => (_app, Calls, Connections) = (app, calls, connections);

    public CallLog Calls { get; }

    /// <summary>Connections to the gRPC service.</summary>
    public ConnectionCount Connections { get; }

    /// <summary><c>127.0.0.1:port</c> of the gRPC service.</summary>
    public string Grpc => Address(0);

    /// <summary><c>127.0.0.1:port</c> of the web pages.</summary>
    public string Web => Address(1);

    /// <summary>Starts it; its gRPC service on any free port, or where one was that went.</summary>
    public static async Task<InteropUpstream> StartAsync(string name = "the upstream", int grpcPort = 0)
    {
        var connections = new ConnectionCount();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, grpcPort, connections));
        var calls = new CallLog(name);
        var app = builder.Build();
        app.MapPost("/orleanspool.test.Interop/{method}", new InteropService(calls).HandleAsync);
        new WebService(calls).Map(app);
        await app.StartAsync();
        return new InteropUpstream(app, calls, connections);
    }

    /// <summary>Stops as a service does that is told to: it takes no more calls, and those under way finish.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        // Calls that a test left waiting are not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions kestrel, int grpcPort, ConnectionCount connections)
    {
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(IPAddress.Loopback, grpcPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => context => connections.CountAsync(() => next(context)));
        });
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private string Address(int at) =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(at)).Authority;
}
