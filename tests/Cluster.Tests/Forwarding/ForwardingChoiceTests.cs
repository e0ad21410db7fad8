using Grpc.Core;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>Which silo a call without a share goes to, and what becomes of it when shares move meanwhile.</summary>
[Collection(ForwardingCluster.Collection)]
public sealed class ForwardingChoiceTests(ForwardingCluster cluster)
{
    [Fact]
    public async Task Calls_ThatChooseAtTheSameTime_AreSpreadOverBothHolders()
    {
        const int Count = 8;
        cluster.SharesAreAt(1, 2);
        var record = cluster.Upstreams[1].Calls.Expect("spread");
        var calls = Enumerable.Range(0, Count).Select(_ => cluster.Grpc.HoldAsync(new Wish(), record.Metadata)).ToList();
        await Eventually.HoldsAsync(() => cluster.Arrived(record.Id).Sum() == Count, "all calls to arrive");

        // Not to the call: one of an earlier test that was cancelled may still count at one of them.
        Assert.All(cluster.Arrived(record.Id)[1..], arrived => Assert.InRange(arrived, (Count / 2) - 1, (Count / 2) + 1));
        record.OpenGate();
        cluster.Upstreams[2].Calls.Of(record.Id).OpenGate();
        await Task.WhenAll(calls.Select(call => call.RepliesAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_WhoseHolderJustLostItsShare_GoesWhereThatOneSays(bool isStream)
    {
        cluster.SharesAreAt(1);
        cluster.Cluster.MoveShare(1, ForwardingCluster.Endpoint, 2);
        var record = cluster.Upstreams[2].Calls.Expect("redirected");
        await CallAsync(record.Metadata, isStream);

        Assert.Equal([0, 0, 1], cluster.Arrived(record.Id));
    }

    [Fact]
    public async Task Call_ThatWaitsAtAHolderWhoseShareGoes_FollowsTheShare()
    {
        cluster.SharesAreAt(1);
        cluster.Cluster.GiveShare(1, ForwardingCluster.Endpoint, 0);
        var record = cluster.Upstreams[2].Calls.Expect("follows");
        var call = cluster.Grpc.EmptyAsync(new Nothing(), record.Metadata);
        await Eventually.HoldsAsync(() => cluster.Cluster.Pool(1, ForwardingCluster.Endpoint).Waiting == 1, "the call to wait at the holder");
        cluster.Cluster.MoveShare(1, ForwardingCluster.Endpoint, 2);

        await call.RepliesAsync();
        Assert.Equal([0, 0, 1], cluster.Arrived(record.Id));
    }

    [Fact]
    public async Task Call_BetweenSilosThatEachThinkTheOtherHasTheShare_WaitsWhereItCameInUntilOneHas()
    {
        cluster.SharesAreAt(1);
        cluster.Cluster.MoveShare(1, ForwardingCluster.Endpoint, 0);
        var record = cluster.Upstreams[1].Calls.Expect("nowhere");
        var call = cluster.Grpc.EmptyAsync(new Nothing(), record.Metadata);
        await Eventually.HoldsAsync(() => cluster.Cluster.Pool(0, ForwardingCluster.Endpoint).Waiting == 1, "the call to wait");
        Assert.Equal([0, 0, 0], cluster.Arrived(record.Id));
        cluster.SharesAreAt(2);

        await call.RepliesAsync();
        Assert.Equal([0, 0, 1], cluster.Arrived(record.Id));
    }

    [Fact]
    public async Task Call_WithAHolderThatIsNoMember_GoesToTheNext()
    {
        cluster.SharesAreAt(2);
        cluster.Cluster.MoveShare(0, ForwardingCluster.Endpoint, "127.0.0.1:1", cluster.Cluster.AddressOf(2));
        var record = cluster.Upstreams[2].Calls.Expect("not-a-member");
        await CallAsync(record.Metadata, isStream: false);
        await CallAsync(record.Metadata, isStream: true);

        Assert.Equal([0, 0, 2], cluster.Arrived(record.Id));
    }

    private async Task CallAsync(Metadata metadata, bool isStream)
    {
        if (!isStream)
        {
            await cluster.Grpc.EmptyAsync(new Nothing(), metadata).RepliesAsync();
            return;
        }

        using var call = cluster.Grpc.Converse(metadata);
        await call.RequestStream.CompleteAsync();
        Assert.Empty(await call.ResponseStream.RestAsync());
    }
}
