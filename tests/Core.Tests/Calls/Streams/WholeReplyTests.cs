using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Calls.Streams;

/// <summary>Answers to calls that were sent whole: in one piece where that is worth waiting for, else the beginning and a stream.</summary>
public class WholeReplyTests
{
    [Fact]
    public async Task Answer_InOneGo_ComesWhole_AndLeavesNoStream()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        await (await test.RequestAsync()).AnswerGrpcAsync("hi"u8.ToArray());
        var (first, rest) = await call.InTime("the answer");
        Assert.Null(rest);
        Assert.Equal((200, true), (first.Status, first.IsLast));
        Assert.Equal(["application/grpc"], first.Headers!.All("content-type"));
        Assert.Equal([0, 0, 0, 0, 2, .. "hi"u8.ToArray()], first.Bytes.ToArray());
        Assert.Equal(["0"], first.Trailers!.All("grpc-status"));
        await test.OverAsync();
    }

    [Fact]
    public async Task Answer_InSeveralPackets_WithoutAWorthwhilePause_ComesWhole()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        var request = await test.RequestAsync();
        await request.HeadAsync();
        await test.Clock.BegunAsync(StreamOptions.WorthwhilePause);
        test.Clock.Advance(StreamOptions.WorthwhilePause - TimeSpan.FromTicks(1));
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 1, 7 });
        await request.TrailersAsync(("grpc-status", "0"));
        var (first, rest) = await call.InTime("the answer");
        Assert.Null(rest);
        Assert.Equal((6, true), (first.Bytes.Length, first.IsLast));
    }

    [Fact]
    public async Task Answer_ThatPauses_ComesAsFarAsItGot_AndTheRestByItsStream()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        var request = await test.RequestAsync();
        await request.HeadAsync(("x-early", "1"));
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 2, 1 });
        await test.Clock.PassAsync(StreamOptions.WorthwhilePause);
        var (first, rest) = await call.InTime("the first of the answer");
        Assert.Equal((200, false), (first.Status, first.IsLast));
        Assert.Equal(["1"], first.Headers!.All("x-early"));

        Assert.True(test.Table.TryGet(rest!.Value, out var stream));
        await request.DataAsync(new byte[] { 2 });
        await request.TrailersAsync(("grpc-status", "0"));
        var (bytes, last) = await stream.ReadToEndAsync();
        Assert.Equal([0, 0, 0, 0, 2, 1, 2], [.. first.Bytes.ToArray(), .. bytes]);
        Assert.Equal(["0"], last.Trailers!.All("grpc-status"));
        await test.Table.CloseAsync(rest.Value);
        await test.OverAsync();
    }

    [Fact]
    public async Task Answer_LargerThanAPiece_IsCutThere()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        var request = await test.RequestAsync();
        await request.HeadAsync();
        for (var sent = 0; sent < StreamOptions.PieceSize + 8192; sent += 8192)
        {
            await Eventually.HoldsAsync(() => sent + 8192 <= 65535 + request.Granted, "the reader to make room in the window");
            await request.DataAsync(new byte[8192]);
        }

        await request.TrailersAsync(("grpc-status", "0"));
        var (first, rest) = await call.InTime("the first of the answer");
        Assert.Equal(StreamOptions.PieceSize, first.Bytes.Length);
        Assert.True(test.Table.TryGet(rest!.Value, out var stream));
        Assert.Equal(8192, (await stream.ReadToEndAsync()).Bytes.Length);
    }

    [Fact]
    public async Task Call_ThatFails_IsToldInOnePiece()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        await (await test.RequestAsync()).ResetAsync(0x2);
        var (first, rest) = await call.InTime("the failure");
        Assert.Equal((FailureCode.UpstreamReset, null, true), (first.Failure!.Code, rest, first.IsLast));
        await test.OverAsync();
    }

    [Fact]
    public async Task Answer_ThatBreaksOffAtOnce_IsToldWithWhatCame()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        var request = await test.RequestAsync();
        await request.HeadAsync();
        await test.Clock.BegunAsync(StreamOptions.WorthwhilePause);
        await request.ResetAsync(0x2);
        var (first, rest) = await call.InTime("the failure");
        Assert.Equal((200, FailureCode.UpstreamReset, null), (first.Status, first.Failure!.Code, rest));
        Assert.Null(first.Trailers);
        await test.OverAsync();
    }

    [Fact]
    public async Task Caller_LeavesBeforeTheAnswer_ResetsTheCall()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        using var leaving = new CancellationTokenSource();
        var call = test.CollectAsync(leaving.Token);
        var request = await test.RequestAsync();
        await leaving.CancelAsync();
        Assert.Equal(FailureCode.CallerCancelled, (await call.InTime("the end")).First.Failure?.Code);
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.OverAsync();
    }

    [Fact]
    public async Task Caller_WhoseCallBecameAStream_HasNoSayAnyMore()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        using var leaving = new CancellationTokenSource();
        var call = test.CollectAsync(leaving.Token);
        var request = await test.RequestAsync();
        await request.HeadAsync();
        await test.Clock.PassAsync(StreamOptions.WorthwhilePause);
        var (_, rest) = await call.InTime("the first of the answer");
        await leaving.CancelAsync();
        await request.TrailersAsync(("grpc-status", "0"));
        Assert.True(test.Table.TryGet(rest!.Value, out var stream));
        Assert.Null((await stream.ReadToEndAsync()).Last.Failure);
    }
}

/// <summary>Reading a stream as its client does.</summary>
internal static class StreamReading
{
    /// <summary>All bytes that come, and the last piece.</summary>
    public static async Task<(byte[] Bytes, StreamPiece Last)> ReadToEndAsync(this StreamSession stream)
    {
        var all = new List<byte>();
        while (true)
        {
            var piece = await stream.ReadAsync().InTime("a piece");
            all.AddRange(piece.Bytes.Span);
            if (piece.IsLast) return ([.. all], piece);
        }
    }
}
