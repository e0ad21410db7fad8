using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>Calls that come to a silo that shuts down, from a client that knows no other, are made by others: none fails. A cluster for each test, as none comes back from draining.</summary>
public sealed class DrainingSiloTests : IAsyncLifetime
{
    private readonly ForwardingCluster _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Calls_OfAClientWhoseLanesAllLeadThere_AreMadeByAnother()
    {
        const int Count = 20;
        await DrainAsync(0);
        var unary = _cluster.Upstreams[1].Calls.Expect("unary");
        var stream = _cluster.Upstreams[1].Calls.Expect("stream");
        for (var call = 0; call < Count; call++)
        {
            await _cluster.Grpc.EmptyAsync(new Nothing(), unary.Metadata).RepliesAsync();
            using var conversation = _cluster.Grpc.Converse(stream.Metadata);
            await conversation.RequestStream.CompleteAsync();
            Assert.Empty(await conversation.ResponseStream.RestAsync());
        }

        Assert.Equal((0, Count, Count), (_cluster.Arrived(unary.Id)[0], _cluster.Arrived(unary.Id).Sum(), _cluster.Arrived(stream.Id).Sum()));
    }

    [Fact]
    public async Task Call_ThatNobodyElseHasAShareFor_WaitsAtAnotherUntilOneHas()
    {
        // As they know it, the silo that shuts down has all of the share.
        _cluster.Cluster.MoveShare(1, ForwardingCluster.Endpoint, 0);
        _cluster.Cluster.MoveShare(2, ForwardingCluster.Endpoint, 0);
        await DrainAsync(0);
        var record = _cluster.Upstreams[1].Calls.Expect("waits");
        var call = _cluster.Grpc.EmptyAsync(new Nothing(), record.Metadata, RpcExpectations.In(TimeSpan.FromMinutes(1)));
        await Eventually.HoldsAsync(() => call.ResponseAsync.IsCompleted || Waiting == 1, "the call to wait at another silo");
        Assert.Equal([0, 0, 0], _cluster.Arrived(record.Id));
        foreach (var silo in (int[])[1, 2]) _cluster.Cluster.GiveShare(silo, ForwardingCluster.Endpoint, 1);

        await call.RepliesAsync();
        Assert.Equal(1, _cluster.Arrived(record.Id).Sum());
    }

    [Fact]
    public async Task Call_WhoseEverySiloShutsDown_IsToldSo()
    {
        foreach (var silo in (int[])[0, 1, 2]) await DrainAsync(silo);
        var failure = await _cluster.Grpc.EmptyAsync(new Nothing()).FailsAsync(Grpc.Core.StatusCode.Unavailable);

        Assert.Equal(["Draining"], failure.Trailers.Under("orleanspool-error"));
    }

    private int Waiting => _cluster.Cluster.Pool(1, ForwardingCluster.Endpoint).Waiting + _cluster.Cluster.Pool(2, ForwardingCluster.Endpoint).Waiting;

    // The pools alone: the silo goes on as long as calls come to it, however long that takes its client.
    private Task DrainAsync(int silo) => _cluster.Cluster.Service<PoolHost>(silo).DrainAsync().InTime("the pools to drain");
}
