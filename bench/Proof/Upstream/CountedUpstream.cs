using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansPool.Bench.Proof.Upstream;

/// <summary>An upstream that answers each call after a while, and counts who is connected.</summary>
internal sealed class CountedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CountedUpstream(WebApplication app, ConnectionCounter connections) => (_app, Connections) = (app, connections);

    /// <summary>Its accept counter.</summary>
    public ConnectionCounter Connections { get; }

    /// <summary>Where it listens, on this machine.</summary>
    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;

    /// <summary>Starts one.</summary>
    /// <param name="protocol">Http1, where a connection carries one call, or Http2.</param>
    /// <param name="serviceTime">What a call takes.</param>
    public static async Task<CountedUpstream> StartAsync(HttpProtocols protocol, TimeSpan serviceTime)
    {
        var connections = new ConnectionCounter();

        // The empty builder, so that no environment variable or settings file of this machine changes what is measured.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocol;
            listen.Use(next => connection => CountAsync(connection, connections, next));
        }));
        var app = builder.Build();
        app.Run(context => Task.Delay(serviceTime, TimeProvider.System, context.RequestAborted));
        await app.StartAsync();
        return new CountedUpstream(app, connections);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task CountAsync(ConnectionContext connection, ConnectionCounter connections, ConnectionDelegate next)
    {
        var socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        connections.Add(socket);
        try
        {
            await next(connection);
        }
        finally
        {
            connections.Remove(socket);
        }
    }
}
