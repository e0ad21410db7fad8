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
using OrleansPool.Bench.Processes;
using OrleansPool.Cluster.Tests.Upstream;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>A client in local mode, in a process of its own, that is killed under load.</summary>
public sealed class LocalClientKillTests : IAsyncLifetime
{
    private const int Cap = 4;

    // A machine that stalls is no failure: what counts is what comes, and what does not come too early.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _reserve = TimeSpan.FromSeconds(6);

    private readonly ConnectionCount _connections = new();
    private WebApplication _upstream = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => context => _connections.CountAsync(() => next(context)));
        }));
        _upstream = builder.Build();
        _upstream.Run(EchoAsync);
        await _upstream.StartAsync();
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task Kill_OfALocalClientUnderLoad_ItsShareReturnsWhenItsReserveIsOver_AndTheCapHolds()
    {
        var cluster = $"local-{Guid.NewGuid():N}";
        await using var silo = await SiloProcess.StartAsync(
            cluster, Address, [("Limits:Law", "fixed"), ("Limits:Max", "40"), ("Pool:Max", $"{Cap}"), ("Budget:TimeToLive", "00:00:05"), ("Budget:FreezeTolerance", "00:00:01")]);
        await using var client = await LoadAsync(silo, cluster);
        await Eventually.HoldsAsync(async () => await ConnectionsOfClientsAsync(silo) > 0, "a share of the client's own", _patience);
        await Eventually.HoldsAsync(() => _connections.Open > 0, "a connection of it", _patience);
        var asked = TimeProvider.System.GetTimestamp();
        await client.SignalAsync("KILL");

        await Eventually.HoldsAsync(async () => await ConnectionsOfClientsAsync(silo) == 0, "the client's connections to be free", _patience);

        // Its last request was at most a renewal, a second, before it died.
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), _reserve / 2, _patience);
        await using var next = await LoadAsync(silo, cluster);
        await Eventually.HoldsAsync(async () => await ConnectionsOfClientsAsync(silo) > 0, "a share of the next client's own", _patience);
        Assert.InRange(_connections.MostOpen, 1, Cap);
    }

    private string Address => new Uri(_upstream.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Authority;

    private async Task<ChildProcess> LoadAsync(SiloProcess silo, string cluster)
    {
        var start = DotnetProgram.Start(
            Repository.Built.RoutedLoad, "--gateway", $"{silo.Gateway.Port}", "--cluster", cluster, "--endpoint", "interop", "--upstream", Address);
        var load = ChildProcess.Start("the local client", start, answers: true);
        Assert.Equal("ready", await load.ReadLineAsync(_patience, CancellationToken.None));
        await load.WriteLineAsync("run 16 120");
        return load;
    }

    // Those that count as taken, whether their holder lives or not; below zero while the silo does not say.
    private static async Task<int> ConnectionsOfClientsAsync(SiloProcess silo)
    {
        if (await silo.TryBudgetAsync("interop") is not { } budget) return -1;
        var holders = budget.GetProperty("holders").EnumerateArray().Where(holder => holder.GetProperty("name").GetString() != silo.Holder);
        return holders.Sum(holder => holder.GetProperty("connections").GetInt32());
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Request.Body.CopyToAsync(context.Response.Body);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
