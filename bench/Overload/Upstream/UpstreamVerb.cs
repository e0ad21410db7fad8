using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansPool.Bench.Overload.Upstream;

/// <summary>The collapsing upstream as a process of its own. It names its port on its first line and ends with its input.</summary>
internal static class UpstreamVerb
{
    public const string Name = "upstream";

    /// <summary>How the first line begins; the port follows.</summary>
    public const string Greeting = "listening on ";

    public static Command Create()
    {
        var verb = new Command(Name, "Internal: the upstream of the bench.") { Hidden = true };
        verb.SetAction((_, _) => ServeAsync());
        return verb;
    }

    private static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.Run(new CollapsingService(TimeProvider.System).ServeAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"{Greeting}{PortOf(app)}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
}
