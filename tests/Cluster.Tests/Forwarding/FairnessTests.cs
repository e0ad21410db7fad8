using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Budget;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>Cluster clients that send no header are told apart by their ids, at the silo they are connected to and at the one that it forwards to.</summary>
public sealed class FairnessTests
{
    private const int Greedy = 5;

    [Theory]
    [InlineData("Fairness:ByClientId", "true", 0)]
    [InlineData("Fairness:ByClientId", "true", 1)]
    [InlineData("Fairness:Headers:0", "x-tenant", 1)]
    public async Task Call_OfAModestClient_IsServedBeforeTheGreedyOnesLast(string key, string value, int holder)
    {
        await using var upstream = await InteropUpstream.StartAsync();
        var budget = new OneTimeBudget();
        await using var silos = await TestSilos.StartAsync(
            2,
            _ => [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", upstream.Grpc), ($"Endpoints:interop:Queue:{key}", value)],
            services => services.AddSingleton<IBudget>(budget));
        if (holder != 0) silos.MoveShare(0, "interop", holder);
        silos.GiveShare(holder, "interop", 0);
        await using var greedy = await ConnectAsync(silos, "greedy");
        await using var modest = await ConnectAsync(silos, "modest");
        var served = new List<string>();
        var calls = new List<Task>();
        for (var count = 1; count <= Greedy; count++) await WaitAsync(greedy, "greedy", count);
        await WaitAsync(modest, "modest", Greedy + 1);
        silos.GiveShare(holder, "interop", 1);
        await Task.WhenAll(calls).InTime("all calls");

        // First come, first served would have it last.
        Assert.InRange(served.IndexOf("modest"), 0, 1);

        async Task WaitAsync(PoolClient client, string name, int waiting)
        {
            calls.Add(CallAsync(client, name));
            await Eventually.HoldsAsync(() => silos.Pool(holder, "interop").Waiting == waiting, $"call {waiting} to wait");
        }

        // One permit: the next call begins when this one is over, so the list needs no lock.
        async Task CallAsync(PoolClient client, string name)
        {
            var record = upstream.Calls.Expect(name);
            var call = client.Grpc().HoldAsync(new Wish(), record.Metadata);
            await record.BegunAsync();
            served.Add(name);
            record.OpenGate();
            await call.RepliesAsync();
        }
    }

    // To the first silo alone.
    private static Task<PoolClient> ConnectAsync(TestSilos silos, string id) => PoolClient.ConnectAsync(
        silos.Address with { Gateways = [silos.Address.Gateways[0]] }, services => services.AddOrleansPoolClient(options => options.ClientId = id));
}
