using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Upstream;
using Xunit.Abstractions;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>A silo leaves while calls of every kind go through both: no call hangs, and those that fail may be repeated.</summary>
public sealed class SiloLossTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int CallsEachWay = 500;

    private InteropUpstream _upstream = null!;
    private TestSilos _silos = null!;
    private PoolClient _client = null!;

    public async Task InitializeAsync()
    {
        _upstream = await InteropUpstream.StartAsync();
        _silos = await TestSilos.StartAsync(
            2, _ => [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", _upstream.Grpc), ("DrainTimeout", "00:00:05")]);
        _client = await PoolClient.ConnectAsync(_silos.Address);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _silos.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Stop_UnderLoad_NoCallFails()
    {
        await using var load = new CallLoad(_client);
        await load.MoreAsync(CallsEachWay);
        await _silos.StopAsync(1).InTime("the silo to stop");
        await load.MoreAsync(CallsEachWay);

        Assert.Empty(await load.EndAsync());
    }

    [Fact]
    public async Task Kill_UnderLoad_CallsFailOnlyAsUnavailableAndThenRecover()
    {
        await using var load = new CallLoad(_client);
        await load.MoreAsync(CallsEachWay);
        await _silos.KillAsync(1).InTime("the silo to die");
        await load.MoreAsync(CallsEachWay);
        var failures = await load.EndAsync();

        output.WriteLine($"{failures.Count} calls failed");
        Assert.All(failures, failure => Assert.Equal(StatusCode.Unavailable, failure.StatusCode));
        await using var after = new CallLoad(_client);
        await after.MoreAsync(CallsEachWay);
        Assert.Empty(await after.EndAsync());
    }

    [Fact]
    public async Task Stop_EverySilo_CallsAreUnavailableAndSayThatNothingWasSent()
    {
        var client = _client.Grpc();
        await client.EmptyAsync(new Nothing()).RepliesAsync();
        await _silos.StopAsync(1).InTime("the one silo to stop");
        await _silos.StopAsync(0).InTime("the other silo to stop");
        var failure = await client.EmptyAsync(new Nothing()).FailsAsync(StatusCode.Unavailable);

        Assert.Equal(["ClusterUnreachable"], failure.Trailers.Under("orleanspool-error"));
        using var call = client.Converse();
        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unavailable);
    }
}
