using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Hosting.Metrics;
using OrleansPool.Core.Operations;
using OrleansPool.Gateway.Admin;
using OrleansPool.Gateway.Ingress;
using OrleansPool.Gateway.Listening;
using OrleansPool.Gateway.Live;
using OrleansPool.Gateway.Metrics;
using OrleansPool.Gateway.Ports;

namespace OrleansPool.Gateway.Hosting;

/// <summary>Adds the ways in to a web host.</summary>
public static class GatewayExtensions
{
    private const string AdminListenKey = $"{OrleansPoolOptions.Section}:Gateway:Admin:Listen";
    private const string ListenKey = $"{OrleansPoolOptions.Section}:Gateway:Listen";

    /// <summary>Time that stopping the host may take beyond the drain.</summary>
    private static readonly TimeSpan _stopMargin = TimeSpan.FromSeconds(5);

    // One line a request would cost more than the request, and so does the activity that the server starts for whoever might log it.
    private static readonly KeyValuePair<string, string?>[] _quietLogs =
    [
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"),

        // What keeps a host from starting is thrown as well, and told once, by whoever starts it.
        new("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", "Critical"),
    ];

    /// <summary>Adds engine and ingress, configured from the section <c>OrleansPool</c>.</summary>
    /// <param name="builder">Where to add.</param>
    /// <param name="errors">Mistakes found elsewhere in the section, to be told together with those found here.</param>
    /// <exception cref="InvalidConfigurationException">The configuration has mistakes; the message lists them all.</exception>
    public static WebApplicationBuilder AddOrleansPoolGateway(this WebApplicationBuilder builder, ConfigErrors? errors = null)
    {
        errors ??= new ConfigErrors();
        SampleEndpoints.AddIfNoneConfigured(builder.Configuration);

        // First of all sources, so that any other one overrides them.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = _quietLogs });
        var options = GatewayOptionsReader.Read(builder.Configuration, errors);
        var isDevelopment = builder.Environment.IsDevelopment();
        AdminRules.CheckAuthorization(options.Admin, isDevelopment, errors);
        builder.Services.AddOrleansPool(builder.Configuration, errors: errors);
        builder.Services.AddOrleansPoolReports();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IConfigurationCheck>(new ConfigurationFiles(builder.Configuration));
        builder.Services.AddSingleton<IConnectionListenerFactory, SharedPortListenerFactory>();
        builder.Services.AddSingleton(new ListeningPort(ListenKey, options.Listen, ListenKey, IPEndPoint.Parse(options.Listen)));
        if (options.Admin.Listen is { } admin) builder.Services.AddSingleton(new ListeningPort(AdminListenKey, admin, AdminListenKey, IPEndPoint.Parse(admin)));
        builder.Services.AddSingleton(_ => new AdminAccess(options, isDevelopment));
        builder.Services.AddSingleton<OrderPages>();
        builder.Services.AddHostedService<PortCheck>();
        builder.Services.AddOptions<HostOptions>().Configure<OrleansPoolOptions>((host, pool) => host.ShutdownTimeout = pool.DrainTimeout + _stopMargin);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.AddEndpointPorts();
        builder.Services.AddServedCertificate("gateway", options.CertificateFile);
        builder.Services.AddTelemetry(options);
        return builder;
    }

    /// <summary>Puts the ingress first in the pipeline, and the host's own pages behind it.</summary>
    public static WebApplication UseOrleansPoolGateway(this WebApplication app)
    {
        app.UseWhen(static context => !AdminPort.IsOwn(context), static callers => callers.UseMiddleware<IngressMiddleware>());
        app.UseMiddleware<AdminGate>();
        app.UseRouting();
        AdminPages.Map(app);
        return app;
    }

    /// <summary>Runs the host until it is told to stop, and returns the process's exit code. A port that cannot be had is the operator's business: told without a trace of the stack.</summary>
    public static async Task<int> RunOrleansPoolAsync(this WebApplication app)
    {
        await using (app.ConfigureAwait(false))
        {
            try
            {
                await app.StartAsync().ConfigureAwait(false);
            }
            catch (InvalidConfigurationException e)
            {
                await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
                return 1;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                await Console.Error.WriteLineAsync($"The host did not start: {e.Message} Mend that and start it again; docs/options.md has the options with its ports.").ConfigureAwait(false);
                return 1;
            }

            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
    }

    /// <summary>Has the end of a certificate watched by the metrics.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="place">Where the certificate is shown.</param>
    /// <param name="certificateFile">Its PEM file, which has been checked; null for none.</param>
    public static IServiceCollection AddServedCertificate(this IServiceCollection services, string place, string? certificateFile)
    {
        if (certificateFile is null) return services;
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile));
        return services.AddSingleton(new ServedCertificate(place, new DateTimeOffset(certificate.NotAfter.ToUniversalTime())));
    }

    private static void Configure(KestrelServerOptions kestrel, GatewayOptions options)
    {
        // The endpoint's limits apply, not the server's: streams live as long as they like, at any pace and size.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;

        // The connection's window has room for every stream's: else the unread bodies of calls that wait would starve the call they wait for.
        kestrel.Limits.Http2.InitialStreamWindowSize = options.StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = (int)Math.Min(int.MaxValue, (long)options.StreamWindowBytes * options.MaxStreamsPerConnection);

        // A caller that vanished without a word would hold its streams, and their permits, for ever.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

        // Bytes pass: Latin-1 maps each to one char and back.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.AddServerHeader = false;
        Listen(kestrel, options);
        if (options.Admin.Listen is { } admin) ListenForAdmin(kestrel, IPEndPoint.Parse(admin), options);
    }

    private static void ListenForAdmin(KestrelServerOptions kestrel, IPEndPoint port, GatewayOptions options) => kestrel.Listen(port, listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        if (options is { CertificateFile: { } certificateFile, KeyFile: { } keyFile }) listen.UseHttps(ServerTls.From(certificateFile, keyFile, options.Admin.ClientCaFile));
        AdminPort.Mark(listen);
    });

    private static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
    {
        var port = IPEndPoint.Parse(options.Listen);
        if (options is { CertificateFile: { } certificateFile, KeyFile: { } keyFile })
        {
            var tls = ServerTls.From(certificateFile, keyFile);
            kestrel.Listen(port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(tls);
            });
            return;
        }

        kestrel.Listen(new SharedPortEndPoint(port, isHttp2: false), listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(new SharedPortEndPoint(port, isHttp2: true), listen => listen.Protocols = HttpProtocols.Http2);
    }
}
