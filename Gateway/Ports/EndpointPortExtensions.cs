using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports.JsonRpc;
using OrleansPool.Core.Transports.Tcp;
using OrleansPool.Gateway.Hosting;
using OrleansPool.Gateway.Listening;

namespace OrleansPool.Gateway.Ports;

/// <summary>Opens a listening port for each endpoint that asks for one.</summary>
internal static class EndpointPortExtensions
{
    public static void AddEndpointPorts(this WebApplicationBuilder builder)
    {
        var options = (OrleansPoolOptions)builder.Services.Single(service => service.ServiceType == typeof(OrleansPoolOptions)).ImplementationInstance!;
        foreach (var (name, endpoint) in options.Endpoints)
        {
            if (endpoint.Listen is not { } listen) continue;
            var key = $"{OrleansPoolOptions.Section}:Endpoints:{name}:Listen";
            builder.Services.AddSingleton(new ListeningPort(key, listen, key, IPEndPoint.Parse(listen)));
            builder.Services.AddServedCertificate(name, endpoint.ListenTls?.CertificateFile);
            builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, name, endpoint));
        }
    }

    private static void Listen(KestrelServerOptions kestrel, string name, EndpointOptions options) => kestrel.Listen(IPEndPoint.Parse(options.Listen!), listen =>
    {
        var callers = new ConnectedCallers(NewPort(listen.ApplicationServices, name, options), options.KeepAlive);

        // No HTTP is spoken here: none is offered by ALPN, and the port ends the chain.
        listen.Protocols = HttpProtocols.None;
        if (options.ListenTls is { CertificateFile: { } certificateFile, KeyFile: { } keyFile }) listen.UseHttps(ServerTls.From(certificateFile, keyFile));
        listen.Use(_ => callers.OnConnectedAsync);
    });

    private static ConnectionHandler NewPort(IServiceProvider services, string name, EndpointOptions options)
    {
        if (!services.GetRequiredService<EndpointDirectory>().TryGet(name, out var endpoint)) throw new InvalidOperationException($"There is no endpoint {name} to listen for.");
        var log = new PortLog(services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansPool.Port"));
        var time = services.GetRequiredService<TimeProvider>();
        if (endpoint.Protocol == Protocol.JsonRpc) return NewJsonRpcPort(services, endpoint, options.JsonRpc, time, log);
        return options.Tcp.Mode == TcpMode.Framed ? new FramedPort(endpoint, time, log) : new SessionPort(endpoint, time, log);
    }

    private static ConnectionHandler NewJsonRpcPort(IServiceProvider services, Endpoint endpoint, JsonRpcOptions options, TimeProvider time, PortLog log)
    {
        var maxCalls = services.GetRequiredService<GatewayOptions>().MaxStreamsPerConnection;
        return options.Mode == JsonRpcMode.Session
            ? new JsonRpcSessionPort(endpoint, options, maxCalls, time, log)
            : new JsonRpcPort(endpoint, options, maxCalls, time, log);
    }
}
