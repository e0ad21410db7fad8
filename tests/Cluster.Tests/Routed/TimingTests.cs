using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Deadlines and cancellation reach the upstream, and leave nothing behind in the silos.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class TimingTests(RoutedCluster cluster)
{
    private const int Http2Cancel = 8;

    private static readonly TimeSpan _allowed = TimeSpan.FromMilliseconds(1500);

    [Fact]
    public async Task Deadline_OfOneMillisecond_IsExceededAndLeavesNothing()
    {
        await cluster.Grpc.HoldAsync(new Wish(), deadline: RpcExpectations.In(TimeSpan.FromMilliseconds(1))).FailsAsync(StatusCode.DeadlineExceeded);

        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Deadline_PassesAtTheUpstream_UpstreamKnewItAndSeesTheReset()
    {
        var record = cluster.Calls.Expect("deadline-unary");
        await cluster.Grpc.HoldAsync(new Wish(), record.Metadata, RpcExpectations.In(_allowed)).FailsAsync(StatusCode.DeadlineExceeded);

        Assert.InRange(record.TimeLeft ?? TimeSpan.MaxValue, TimeSpan.FromTicks(1), _allowed);
        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Deadline_PassesOnAStream_UpstreamKnewItAndSeesTheReset()
    {
        var record = cluster.Calls.Expect("deadline-duplex");
        using var call = cluster.Grpc.Converse(record.Metadata, RpcExpectations.In(_allowed));
        await call.RequestStream.WriteAsync(new Wish { ReplySize = 1 });
        await call.ResponseStream.NextAsync();

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.DeadlineExceeded);
        Assert.InRange(record.TimeLeft ?? TimeSpan.MaxValue, TimeSpan.FromTicks(1), _allowed);
        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Cancel_BeforeAnythingIsSent_NeverReachesTheUpstream()
    {
        var record = cluster.Calls.Expect("cancel-before");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await cluster.Grpc.HoldAsync(new Wish(), record.Metadata, cancellationToken: cancelled.Token).FailsAsync(StatusCode.Cancelled);
        await cluster.Silos.AreQuietAsync("interop");
        Assert.False(cluster.Calls.HasSeen(record.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200_000)]
    public async Task Cancel_UnaryAtTheUpstream_UpstreamSeesIt(int size)
    {
        var record = cluster.Calls.Expect("cancel-unary");
        using var leaving = new CancellationTokenSource();
        var call = cluster.Grpc.HoldAsync(new Wish { Body = Filler.Message(size) }, record.Metadata, cancellationToken: leaving.Token);
        await record.BegunAsync();
        await leaving.CancelAsync();

        await call.FailsAsync(StatusCode.Cancelled);
        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Cancel_ReplyIsHalfway_UpstreamSeesIt()
    {
        // Often, because the caller's cancellation and the silo's answer to it race. A read is under way each time: grpc-dotnet opens the body of a reply only
        // after it has told of its head, and a cancellation in between makes it fail with Internal, since the body is disposed by then.
        for (var count = 0; count < 50; count++)
        {
            var record = cluster.Calls.Expect("cancel-halfway");
            using var leaving = new CancellationTokenSource();
            using var call = cluster.Grpc.Produce(new Wish { Replies = 2, ReplySize = 100_000, WaitBefore = 2 }, record.Metadata, cancellationToken: leaving.Token);
            await call.ResponseStream.NextAsync();
            var next = call.ResponseStream.MoveNext();
            await leaving.CancelAsync();

            await next.FailsAsync(StatusCode.Cancelled);
            await record.CancelledAsync();
        }

        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Cancel_DuplexBetweenTurns_UpstreamSeesIt()
    {
        var record = cluster.Calls.Expect("cancel-duplex");
        using var leaving = new CancellationTokenSource();
        using var call = cluster.Grpc.Converse(record.Metadata, cancellationToken: leaving.Token);
        await call.RequestStream.WriteAsync(new Wish { ReplySize = 1 });
        await call.ResponseStream.NextAsync();
        var next = call.ResponseStream.MoveNext();
        await leaving.CancelAsync();

        await next.FailsAsync(StatusCode.Cancelled);
        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Dispose_ServerStreamMidway_UpstreamSeesTheReset()
    {
        var record = cluster.Calls.Expect("dispose-stream");
        using (var call = cluster.Grpc.Produce(new Wish { Replies = 2, ReplySize = 10, WaitBefore = 2 }, record.Metadata))
        {
            await call.ResponseStream.NextAsync();
        }

        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Cancel_CallAtAScriptedUpstream_IsResetWithCodeCancel()
    {
        using var leaving = new CancellationTokenSource();
        var call = cluster.Client.Grpc("scripted").HoldAsync(new Wish(), cancellationToken: leaving.Token);
        var connection = await cluster.Scripted.ConnectionAsync();
        var upstream = await connection.CallAsync();
        await leaving.CancelAsync();

        await call.FailsAsync(StatusCode.Cancelled);
        Assert.Equal(Http2Cancel, await upstream.ResetByClientAsync());
    }

    [Fact]
    public async Task Cancel_HundredsAtAnyMoment_AllAreResetAndTheOthersLeftAlone()
    {
        const int Count = 300;
        var records = Enumerable.Range(0, Count).Select(_ => cluster.Calls.Expect("cancel-many")).ToList();
        await Task.WhenAll(records.Select((record, number) => CancelAtAsync(record, number))).InTime("all of them to end");

        var seen = records.Where(record => record.Arrived > 0).ToList();
        await Task.WhenAll(seen.Select(record => record.CancelledAsync()));
        await cluster.Silos.AreQuietAsync("interop");
    }

    // Some are cancelled at once, some on their way, some at the upstream; beside each goes a call that is not.
    private async Task CancelAtAsync(Upstream.CallRecord record, int number)
    {
        using var leaving = new CancellationTokenSource();
        var call = cluster.Grpc.HoldAsync(new Wish { Body = Filler.Message(number * 400) }, record.Metadata, cancellationToken: leaving.Token);
        var other = cluster.Grpc.EmptyAsync(new Nothing());
        if (number % 3 == 1) await Task.Yield();
        if (number % 3 == 2) await record.BegunAsync();
        await leaving.CancelAsync();
        await call.FailsAsync(StatusCode.Cancelled);
        await other.RepliesAsync();
    }
}
