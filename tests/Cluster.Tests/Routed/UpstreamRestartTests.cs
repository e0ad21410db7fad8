using System.Net;
using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Upstream;
using Xunit.Abstractions;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>The upstream goes and comes back while calls of every kind go through two silos.</summary>
public sealed class UpstreamRestartTests(ITestOutputHelper output)
{
    private const int CallsEachWay = 500;

    [Fact]
    public async Task Restart_UnderLoad_CallsFailOnlyAsUnavailableAndThenRecover()
    {
        await using var first = await InteropUpstream.StartAsync();
        var address = first.Grpc;
        await using var silos = await TestSilos.StartAsync(
            2, _ => [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", address), ("DrainTimeout", "00:00:02")]);
        await using var client = await PoolClient.ConnectAsync(silos.Address);
        await using var load = new CallLoad(client);
        await load.MoreAsync(CallsEachWay);
        await first.StopAsync().InTime("the upstream to stop");
        await load.FailsAsync();
        await using var second = await InteropUpstream.StartAsync(grpcPort: IPEndPoint.Parse(address).Port);
        await load.MoreAsync(CallsEachWay);
        var failures = await load.EndAsync();

        output.WriteLine($"{failures.Count} calls failed: {string.Join(", ", failures.CountBy(failure => failure.Status.Detail.Split(':')[0]))}");
        Assert.All(failures, failure => Assert.Equal(StatusCode.Unavailable, failure.StatusCode));
        await using var after = new CallLoad(client);
        await after.MoreAsync(CallsEachWay);
        Assert.Empty(await after.EndAsync());
        await silos.AreQuietAsync("interop");
    }
}
