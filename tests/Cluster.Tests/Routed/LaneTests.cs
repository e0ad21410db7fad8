using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>By which way calls go, and in how many grain calls.</summary>
public sealed class LaneTests(CountedCluster cluster) : IClassFixture<CountedCluster>
{
    [Fact]
    public async Task Unary_Small_TakesOneGrainCall()
    {
        await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(20_000), ReplySize = 20_000 }).RepliesAsync();

        Assert.Equal(["Call"], cluster.GrainCalls.Take().Select(call => call.Method));
    }

    [Fact]
    public async Task Unary_LargeReply_TakesReadsOfTheSameLane()
    {
        await cluster.Grpc.UnaryAsync(new Wish { ReplySize = 300_000 }).RepliesAsync();

        var calls = cluster.GrainCalls.Take();
        Assert.Equal(["Call", "Read"], calls.Select(call => call.Method).Distinct());
        Assert.Single(calls.Select(call => (call.Lane, call.Silo)).Distinct());
    }

    [Theory]
    [InlineData(WireLimits.MaxBodyBytes - 100)]
    [InlineData(WireLimits.MaxBodyBytes + 100)]
    [InlineData(3_000_000)]
    public async Task Messages_OfCallsOfAnySize_CarryNoMoreThanTheirBound(int size)
    {
        await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size }).RepliesAsync();

        var calls = cluster.GrainCalls.Take();
        Assert.All(calls, call => Assert.InRange(call.Body, 0, WireLimits.MaxBodyBytes));
        Assert.InRange(calls.Sum(call => call.Body), size, 3 * size);
    }

    [Fact]
    public async Task Calls_Many_AreSpreadOverLanesAndSilosAndALaneKeepsItsSilo()
    {
        await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => cluster.Grpc.EmptyAsync(new Nothing()).RepliesAsync()));

        var calls = cluster.GrainCalls.Take();
        Assert.Equal(new OrleansPoolClientOptions().Lanes, calls.Select(call => call.Lane).Distinct().Count());
        Assert.Equal(2, calls.Select(call => call.Silo).Distinct().Count());
        Assert.All(calls.GroupBy(call => call.Lane), lane => Assert.Single(lane.Select(call => call.Silo).Distinct()));
    }
}
