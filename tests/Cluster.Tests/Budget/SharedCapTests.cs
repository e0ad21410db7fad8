using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Budget;

namespace OrleansPool.Cluster.Tests.Budget;

/// <summary>Three silos with one upstream between them: one cap on its connections, one limit on the calls, dealt to where the calls are.</summary>
public sealed class SharedCapTests : IAsyncLifetime
{
    private const string Endpoint = "interop";
    private const int Silos = 3;
    private const int Cap = 4;
    private const int Limit = 6;

    private InteropUpstream _upstream = null!;
    private TestSilos _silos = null!;

    public async Task InitializeAsync()
    {
        _upstream = await InteropUpstream.StartAsync();
        _silos = await TestSilos.StartAsync(Silos, _ =>
        [
            ($"Endpoints:{Endpoint}:Protocol", "grpc"),
            ($"Endpoints:{Endpoint}:Addresses:0", _upstream.Grpc),
            ($"Endpoints:{Endpoint}:Pool:Max", $"{Cap}"),
            ($"Endpoints:{Endpoint}:Pool:CallsPerChannel", "2"),
            ($"Endpoints:{Endpoint}:Limits:Mode", "enforce"),
            ($"Endpoints:{Endpoint}:Limits:Law", "fixed"),
            ($"Endpoints:{Endpoint}:Limits:Max", $"{Limit}"),
        ]);
    }

    public async Task DisposeAsync()
    {
        await _silos.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Load_ThroughAllSilos_NeverHasMoreConnectionsThanTheCap()
    {
        await using var client = await PoolClient.ConnectAsync(_silos.Address);
        await using var load = new CallLoad(client);
        await load.MoreAsync(1000);

        Assert.Empty(await load.EndAsync());
        Assert.InRange(_upstream.Connections.MostOpen, 1, Cap);
    }

    [Fact]
    public async Task Load_ThatMovesToAnotherSilo_TakesTheShareAlong()
    {
        for (var silo = 0; silo < Silos; silo++)
        {
            await using var client = await PoolClient.ConnectAsync(_silos.Address with { Gateways = [_silos.Address.Gateways[silo]] });
            var record = _upstream.Calls.Expect($"through-{silo}");
            var calls = Enumerable.Range(0, Limit).Select(_ => client.Grpc().HoldAsync(new Wish(), record.Metadata).ResponseAsync).ToList();

            // All at once: no silo had so much of its own.
            await Eventually.HoldsAsync(() => record.Arrived == Limit, $"the whole limit to be in use through silo {silo}");
            record.OpenGate();
            await Task.WhenAll(calls).InTime("all calls");
        }

        Assert.InRange(_upstream.Connections.MostOpen, 1, Cap);
    }

    [Fact]
    public async Task View_FromAnySilo_ShowsTheSameBudget()
    {
        for (var silo = 0; silo < Silos; silo++)
        {
            BudgetView? view = null;
            await Eventually.HoldsAsync(
                async () => (view = await _silos.Service<IBudget>(silo).ViewAsync(Endpoint, default)) is not null, $"a view from silo {silo}");

            Assert.Equal((Endpoint, Limit, Cap, BudgetMode.Normal), (view!.Endpoint, view.Limit, view.Cap, view.Mode));
            Assert.InRange(view.ConnectionsTaken, 0, Cap);
        }
    }
}
