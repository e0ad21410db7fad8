using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>A web server whose pages each test writes for itself; it speaks HTTP/1.1 on one port and HTTP/2 on another.</summary>
internal sealed class WebUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _pages = new();
    private readonly RequestDelegate _otherwise;
    private int _lastPage;

    private WebUpstream(WebApplication app, RequestDelegate otherwise) => (_app, _otherwise) = (app, otherwise);

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public string Http1 => Address(0);

    /// <summary>Where it speaks HTTP/2.</summary>
    public string Http2 => Address(1);

    /// <summary>Starts a server; <paramref name="otherwise"/> answers where there is no page.</summary>
    public static async Task<WebUpstream> StartAsync(RequestDelegate? otherwise = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (null, null, null);

            // Kestrel's own connection window has no room for two bodies of which one is not read.
            kestrel.Limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var upstream = new WebUpstream(builder.Build(), otherwise ?? (_ => Task.CompletedTask));
        upstream._app.Run(context => upstream._pages.GetValueOrDefault(context.Request.Path, upstream._otherwise)(context));
        await upstream._app.StartAsync();
        return upstream;
    }

    /// <summary>Puts a page on the server and returns its path.</summary>
    public string Page(RequestDelegate page)
    {
        var path = $"/{Interlocked.Increment(ref _lastPage)}";
        _pages[path] = page;
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        // Tests leave pages behind that never end.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private string Address(int at)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return new Uri(addresses.ElementAt(at)).Authority;
    }
}
