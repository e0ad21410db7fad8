using Grpc.Core;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>Calls of every kind that reach a silo without a share are made by one that has a share, as if they had come there.</summary>
[Collection(ForwardingCluster.Collection)]
public sealed class ForwardingTests(ForwardingCluster cluster)
{
    private const int PieceSize = 64 * 1024;
    private const int Pieces = 500;
    private const int HeldAtMost = 4 * 1024 * 1024;

    private static readonly TimeSpan _allowed = TimeSpan.FromMilliseconds(1500);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(300_000)]
    public async Task Unary_OfAnySize_IsMadeOnceByTheHolder(int size)
    {
        cluster.SharesAreAt(1);
        var record = cluster.Upstreams[1].Calls.Expect("unary");
        var reply = await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size }, record.Metadata).RepliesAsync();

        Assert.True(reply.Intact && Filler.IsIntact(reply.Body.Span));
        Assert.Equal([0, 1, 0], cluster.Arrived(record.Id));
        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Endpoint);
    }

    [Fact]
    public async Task Status_OfTheUpstream_ComesBackWithMetadata()
    {
        cluster.SharesAreAt(1);
        var call = cluster.Grpc.UnaryAsync(new Wish { Status = (int)StatusCode.NotFound, Message = "no such thing" }, new Metadata { { "mirror-a", "1" } });
        var failure = await call.FailsAsync(StatusCode.NotFound);

        Assert.Equal("no such thing", failure.Status.Detail);
        Assert.Equal(["1"], failure.Trailers.Under("mirror-a"));
    }

    [Fact]
    public async Task Conversation_TurnByTurn_IsMadeByTheHolder()
    {
        cluster.SharesAreAt(1);
        var record = cluster.Upstreams[1].Calls.Expect("converse");
        using var call = cluster.Grpc.Converse(record.Metadata);
        for (var turn = 1; turn <= 5; turn++)
        {
            await call.RequestStream.WriteAsync(new Wish { ReplySize = turn });
            Assert.Equal(turn, (await call.ResponseStream.NextAsync()).Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Empty(await call.ResponseStream.RestAsync());
        Assert.Equal([0, 1, 0], cluster.Arrived(record.Id));
        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Endpoint);
    }

    [Fact]
    public async Task ServerStreaming_ClientPauses_UpstreamOfTheHolderIsHeldBack()
    {
        cluster.SharesAreAt(1);
        var record = cluster.Upstreams[1].Calls.Expect("slow-reader");
        using var call = cluster.Grpc.Produce(new Wish { Replies = Pieces, ReplySize = PieceSize }, record.Metadata);
        await call.ResponseStream.NextAsync();

        Assert.InRange(await Growth.SettledAsync(() => record.Sent), 1, HeldAtMost);
        var rest = await call.ResponseStream.RestAsync();
        Assert.Equal(Pieces - 1, rest.Count);
        Assert.All(rest, reply => Assert.True(Filler.IsIntact(reply.Body.Span)));
    }

    [Fact]
    public async Task ClientStreaming_UpstreamPauses_ClientIsHeldBack()
    {
        cluster.SharesAreAt(1);
        var record = cluster.Upstreams[1].Calls.Expect("slow-taker");
        using var call = cluster.Grpc.Collect(record.Metadata);
        var written = 0L;
        var writing = WriteAsync();

        Assert.InRange(await Growth.SettledAsync(() => Volatile.Read(ref written)), 1, HeldAtMost);
        record.OpenGate();
        await writing.InTime("the rest to be taken");
        Assert.Equal((long)Pieces * PieceSize, (await call.ResponseAsync.InTime("the reply")).Received);

        async Task WriteAsync()
        {
            var wish = new Wish { Body = Filler.Message(PieceSize), WaitAfter = true };
            for (var count = 1; count <= Pieces; count++)
            {
                await call.RequestStream.WriteAsync(wish);
                Volatile.Write(ref written, (long)count * PieceSize);
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task Deadline_PassesAtTheUpstream_UpstreamKnewItAndSeesTheReset()
    {
        cluster.SharesAreAt(1);
        var record = cluster.Upstreams[1].Calls.Expect("deadline");
        await cluster.Grpc.HoldAsync(new Wish(), record.Metadata, RpcExpectations.In(_allowed)).FailsAsync(StatusCode.DeadlineExceeded);

        Assert.InRange(record.TimeLeft ?? TimeSpan.MaxValue, TimeSpan.FromTicks(1), _allowed);
        await record.CancelledAsync();
        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Endpoint);
    }

    [Fact]
    public async Task Deadline_PassesInTheHoldersQueue_CallNeverLeaves()
    {
        cluster.SharesAreAt(1);
        cluster.Cluster.GiveShare(1, ForwardingCluster.Endpoint, 0);
        var record = cluster.Upstreams[1].Calls.Expect("deadline-in-queue");
        await cluster.Grpc.HoldAsync(new Wish(), record.Metadata, RpcExpectations.In(_allowed)).FailsAsync(StatusCode.DeadlineExceeded);

        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Endpoint);
        Assert.Equal([0, 0, 0], cluster.Arrived(record.Id));
    }

    [Fact]
    public async Task Cancel_OfCallsAtTheUpstream_UpstreamSeesIt()
    {
        cluster.SharesAreAt(1);
        var (unary, stream) = (cluster.Upstreams[1].Calls.Expect("cancel-unary"), cluster.Upstreams[1].Calls.Expect("cancel-stream"));
        using var leaving = new CancellationTokenSource();
        var call = cluster.Grpc.HoldAsync(new Wish(), unary.Metadata, cancellationToken: leaving.Token);
        using var conversation = cluster.Grpc.Converse(stream.Metadata, cancellationToken: leaving.Token);
        await conversation.RequestStream.WriteAsync(new Wish { ReplySize = 1 });
        await conversation.ResponseStream.NextAsync();
        await unary.BegunAsync();
        await leaving.CancelAsync();

        await call.FailsAsync(StatusCode.Cancelled);
        await unary.CancelledAsync();
        await stream.CancelledAsync();
        await cluster.Cluster.AreQuietAsync(ForwardingCluster.Endpoint);
    }

    [Fact]
    public async Task Calls_ThatWaitAtTheHolder_AreServedInTheOrderInWhichTheyCame()
    {
        const int Count = 8;
        cluster.SharesAreAt(1);
        cluster.Cluster.GiveShare(1, ForwardingCluster.Endpoint, 0);
        var calls = new List<Task>();
        var served = new List<int>();
        for (var number = 0; number < Count; number++)
        {
            calls.Add(CallAsync(number));
            await Eventually.HoldsAsync(() => cluster.Cluster.Pool(1, ForwardingCluster.Endpoint).Waiting == number + 1, $"call {number} to wait");
        }

        // One at a time, so that the order of service shows in the order of replies.
        cluster.Cluster.GiveShare(1, ForwardingCluster.Endpoint, 1);
        await Task.WhenAll(calls).InTime("all calls");
        Assert.Equal(Enumerable.Range(0, Count), served);

        async Task CallAsync(int number)
        {
            var record = cluster.Upstreams[1].Calls.Expect($"fifo-{number}");
            var call = cluster.Grpc.HoldAsync(new Wish(), record.Metadata);
            await record.BegunAsync();
            served.Add(number);
            record.OpenGate();
            await call.RepliesAsync();
        }
    }
}
