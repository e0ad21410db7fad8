using System.Buffers;
using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansPool.Bench.Paths.Verbs;

/// <summary>
/// The upstream that every path leads to, as a process of its own: sends each message back. It names its port on its first line and ends with its
/// input.
/// </summary>
internal static class UpstreamVerb
{
    public const string Name = "upstream";

    /// <summary>How the first line begins; the port follows.</summary>
    public const string Greeting = "listening on ";

    // Longer than a path may have to wait for its turn.
    private static readonly TimeSpan _idle = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var verb = new Command(Name, "Internal: the upstream of the bench.") { Hidden = true };
        verb.SetAction((_, _) => ServeAsync());
        return verb;
    }

    private static async Task<int> ServeAsync()
    {
        // The empty builder, so that no environment variable or settings file of this machine changes what is measured.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        await using var app = builder.Build();
        app.Run(EchoAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"{Greeting}{PortOf(app)}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = _idle;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
    }

    private static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;

    private static async Task EchoAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        context.Response.ContentType = "application/grpc";
        foreach (var piece in read.Buffer) context.Response.BodyWriter.Write(piece.Span);
        reader.AdvanceTo(read.Buffer.End);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
