using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>One request, one reply, of every size that is carried in another way.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class UnaryTests(RoutedCluster cluster)
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Unary_Empty_IsAnswered()
    {
        Assert.Equal(new Nothing(), await cluster.Grpc.EmptyAsync(new Nothing()).RepliesAsync());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(271828, 314159)]
    [InlineData(4 * Megabyte, 4 * Megabyte)]
    [InlineData(0, 10 * Megabyte)]
    [InlineData(10 * Megabyte, 0)]
    public async Task Unary_AnySize_IsByteExactBothWays(int request, int reply)
    {
        await AssertExactAsync(request, reply);
    }

    [Fact]
    public async Task Unary_SizesAroundOnePiece_AreByteExactBothWays()
    {
        // With prefix and tags the body of the call crosses the 64 KB that one message of the cluster carries.
        for (var size = (64 * 1024) - 16; size <= (64 * 1024) + 4; size++) await AssertExactAsync(size, size);
    }

    [Fact]
    public async Task Unary_ReplyPausesMidway_ArrivesWhole()
    {
        var call = cluster.Calls.Expect("pauses");
        var reply = cluster.Grpc.UnaryAsync(new Wish { ReplySize = 100_000, WaitBefore = 1 }, call.Metadata);

        // The head is here while the body is not.
        await reply.ResponseHeadersAsync.InTime("the head");
        Assert.False(reply.ResponseAsync.IsCompleted);
        call.OpenGate();

        Assert.True(Filler.IsIntact((await reply.RepliesAsync()).Body.Span));
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Unary_ThousandAtOnce_AllAreAtTheUpstreamTogetherAndSucceed()
    {
        const int Count = 1_000;
        var call = cluster.Calls.Expect("gather");
        var replies = Enumerable.Range(1, Count)
            .Select(size => cluster.Grpc.GatherAsync(new Wish { Replies = Count, ReplySize = size }, call.Metadata).ResponseAsync)
            .ToList();

        var sizes = (await Task.WhenAll(replies).InTime("a thousand replies")).Select(reply => reply.Body.Length);

        Assert.Equal(Enumerable.Range(1, Count), sizes);
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Unary_ManyCalls_AreSpreadOverBothSilos()
    {
        var before = Acquired();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => cluster.Grpc.EmptyAsync(new Nothing()).RepliesAsync()));

        Assert.All(Acquired().Zip(before, (now, then) => now - then), dealt => Assert.InRange(dealt, 1, 199));
    }

    private long[] Acquired() => [.. Enumerable.Range(0, 2).Select(silo => cluster.Silos.Pool(silo, "interop").Totals.Acquired)];

    private async Task AssertExactAsync(int request, int reply)
    {
        var seen = await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(request), ReplySize = reply }).RepliesAsync();

        Assert.Equal((request, true, reply), (seen.Received, seen.Intact, seen.Body.Length));
        Assert.True(Filler.IsIntact(seen.Body.Span));
    }
}
