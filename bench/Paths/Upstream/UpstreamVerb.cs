using System.Buffers;
using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansPool.Bench.Paths.Processes;

namespace OrleansPool.Bench.Paths.Upstream;

/// <summary>
/// The upstream that every path leads to, as a process of its own: sends each message back. It has a port for each protocol, names them on its first line and
/// ends with its input.
/// </summary>
internal static class UpstreamVerb
{
    public const string Name = "upstream";

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
        var ports = new List<ListenOptions>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, ports));
        await using var app = builder.Build();
        app.Run(EchoAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync(new UpstreamPorts(PortOf(ports[0]), PortOf(ports[1]), PortOf(ports[2])).ToLine());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void Configure(KestrelServerOptions kestrel, List<ListenOptions> ports)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = _idle;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
        Listen(listen => listen.Protocols = HttpProtocols.Http2);
        Listen(listen => listen.Use(_ => new FrameEcho().OnConnectedAsync));
        Listen(listen => listen.Use(_ => new JsonRpcEcho().OnConnectedAsync));

        void Listen(Action<ListenOptions> serve) => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            serve(listen);
            ports.Add(listen);
        });
    }

    // The server writes the port that it got into the options.
    private static int PortOf(ListenOptions listen) => listen.IPEndPoint!.Port;

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
