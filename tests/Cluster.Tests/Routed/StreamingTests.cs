using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Streams: order, turns, and the end of each side.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class StreamingTests(RoutedCluster cluster)
{
    private static readonly int[] _sizes = [31415, 9, 2653, 58979];

    [Fact]
    public async Task ClientStreaming_FourRequests_AllCountBeforeTheReply()
    {
        using var call = cluster.Grpc.Collect();
        foreach (var size in _sizes) await call.RequestStream.WriteAsync(new Wish { Body = Filler.Message(size) });
        await call.RequestStream.CompleteAsync();

        var reply = await call.ResponseAsync.InTime("the reply");

        Assert.Equal((_sizes.Sum(), true), (reply.Received, reply.Intact));
    }

    [Fact]
    public async Task ClientStreaming_NoRequest_IsAnswered()
    {
        using var call = cluster.Grpc.Collect();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(0, (await call.ResponseAsync.InTime("the reply")).Received);
    }

    [Fact]
    public async Task ClientStreaming_ServerEndsEarly_ClientLearnsTheStatusAndStopsWriting()
    {
        using var call = cluster.Grpc.Collect();
        await call.RequestStream.WriteAsync(new Wish { Status = (int)StatusCode.FailedPrecondition, Message = "enough" });

        var failure = await call.ResponseAsync.FailsAsync(StatusCode.FailedPrecondition);
        Assert.Equal("enough", failure.Status.Detail);
        await WriteUntilTheEnd(call.RequestStream).InTime("writing to end, too");
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task ServerStreaming_FourReplies_ArriveInOrder()
    {
        using var call = cluster.Grpc.Produce(new Wish { ReplySize = 58979, Replies = 4 });

        AssertIntact(await call.ResponseStream.RestAsync(), [58979, 58979, 58979, 58979]);
    }

    [Fact]
    public async Task ServerStreaming_ServerPausesAfterItsHead_HeadArrivesMeanwhile()
    {
        var record = cluster.Calls.Expect("head-first");
        var metadata = record.Metadata;
        metadata.Add("mirror-head", "sent");
        using var call = cluster.Grpc.Produce(new Wish { Replies = 1, WaitBefore = 1 }, metadata);

        Assert.Equal(["sent"], (await call.ResponseHeadersAsync.InTime("the head")).Under("mirror-head"));
        record.OpenGate();
        Assert.Single(await call.ResponseStream.RestAsync());
    }

    [Fact]
    public async Task ServerStreaming_ServerPausesMidway_WhatCameArrivesMeanwhile()
    {
        var record = cluster.Calls.Expect("pause-midway");
        using var call = cluster.Grpc.Produce(new Wish { Replies = 3, ReplySize = 1000, WaitBefore = 3 }, record.Metadata);

        AssertIntact([await call.ResponseStream.NextAsync(), await call.ResponseStream.NextAsync()], [1000, 1000]);
        record.OpenGate();
        AssertIntact(await call.ResponseStream.RestAsync(), [1000]);
    }

    [Fact]
    public async Task Duplex_FourTurns_EachReplyComesBeforeTheNextRequest()
    {
        using var call = cluster.Grpc.Converse();
        await ConverseAsync(call);
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Duplex_NoMessageEitherWay_EndsWell()
    {
        using var call = cluster.Grpc.Converse();
        await call.RequestStream.CompleteAsync();

        Assert.Empty(await call.ResponseStream.RestAsync());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_BothSidesSendWithoutWaiting_AllArriveInOrder()
    {
        const int Count = 500;
        using var call = cluster.Grpc.Converse();
        var reading = call.ResponseStream.RestAsync();
        for (var size = 1; size <= Count; size++) await call.RequestStream.WriteAsync(new Wish { ReplySize = size, Body = Filler.Message(1000) });
        await call.RequestStream.CompleteAsync();

        AssertIntact(await reading.InTime("all replies"), Enumerable.Range(1, Count));
    }

    [Fact]
    public async Task Duplex_HundredAtOnce_EachTakesItsOwnTurns()
    {
        const int Count = 100;
        var calls = Enumerable.Range(0, Count).Select(_ => cluster.Grpc.Converse()).ToList();
        await Task.WhenAll(calls.Select(ConverseAsync)).InTime("a hundred conversations");

        calls.ForEach(call => call.Dispose());
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Duplex_ServerEndsWithAStatus_ClientGetsRepliesAndStatus()
    {
        using var call = cluster.Grpc.Converse();
        await call.RequestStream.WriteAsync(new Wish { ReplySize = 7 });
        Assert.Equal(7, (await call.ResponseStream.NextAsync()).Body.Length);
        await call.RequestStream.WriteAsync(new Wish { Status = (int)StatusCode.Aborted, Message = "no more" });

        var failure = await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Aborted);
        Assert.Equal("no more", failure.Status.Detail);
        await cluster.Silos.AreQuietAsync("interop");
    }

    private static async Task ConverseAsync(AsyncDuplexStreamingCall<Wish, Reply> call)
    {
        foreach (var size in _sizes)
        {
            await call.RequestStream.WriteAsync(new Wish { ReplySize = size });
            AssertIntact([await call.ResponseStream.NextAsync()], [size]);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Empty(await call.ResponseStream.RestAsync());
    }

    // The end of a call shows in writes to it by an exception, sooner or later: grpc-dotnet says so of any channel.
    private static async Task WriteUntilTheEnd(IClientStreamWriter<Wish> stream)
    {
        var isOver = false;
        while (!isOver)
        {
            try
            {
                await stream.WriteAsync(new Wish { Body = Filler.Message(64 * 1024) });
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                isOver = true;
            }
        }
    }

    private static void AssertIntact(List<Reply> replies, IEnumerable<int> sizes)
    {
        Assert.Equal(sizes, replies.Select(reply => reply.Body.Length));
        Assert.All(replies, reply => Assert.True(Filler.IsIntact(reply.Body.Span)));
    }
}
