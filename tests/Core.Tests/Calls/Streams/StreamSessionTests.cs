using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls.Streams;

/// <summary>One call in pieces: turns, pauses, backpressure, ends, and a client that does not keep the rules.</summary>
public class StreamSessionTests
{
    [Fact]
    public async Task Duplex_TurnByTurn_PassesBothWays()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        await request.HeadAsync(("x-early", "1"));
        var reading = session.ReadAsync().AsTask();
        await test.Clock.PassAsync(StreamOptions.WorthwhilePause);
        var head = await reading.InTime("the head");
        Assert.Equal((200, 0, false), (head.Status, head.Bytes.Length, head.IsLast));
        Assert.Equal(["1"], head.Headers!.All("x-early"));
        for (byte turn = 1; turn <= 3; turn++)
        {
            Assert.Null(await session.WriteAsync(new[] { turn }, isLast: false).InTime("room for the piece"));
            Assert.Equal([turn], await request.PieceAsync());
            await request.DataAsync(new[] { (byte)(turn * 10) });
            var piece = await session.ReadAsync().InTime("the turn's reply");
            Assert.Null(piece.Headers);
            Assert.Equal([(byte)(turn * 10)], piece.Bytes.ToArray());
        }

        Assert.Null(await session.WriteAsync(default, isLast: true).InTime("the end to be taken"));
        Assert.Empty(await request.PieceAsync());
        await request.TrailersAsync(("grpc-status", "0"));
        Assert.Equal(["0"], (await session.ReadToEndAsync()).Last.Trailers!.All("grpc-status"));
    }

    [Fact]
    public async Task Read_BeforeTheHead_ComesBackEmptyAfterItsPatience_AndTheNextFindsIt()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        var reading = session.ReadAsync().AsTask();
        await test.Clock.PassAsync(StreamOptions.ReadPatience);
        Assert.Same(StreamPiece.Nothing, await reading.InTime("the empty piece"));
        await request.HeadOnlyAsync(("grpc-status", "5"));
        var piece = await session.ReadAsync().InTime("the head");
        Assert.Equal((200, true), (piece.Status, piece.IsLast));
        Assert.Equal(["5"], piece.Headers!.All("grpc-status"));
    }

    [Fact]
    public async Task Read_WithinTheBody_ComesBackEmptyAfterItsPatience_AndLosesNothing()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        await ReadHeadAsync(test, session, request);
        for (byte turn = 1; turn <= 3; turn++)
        {
            var reading = session.ReadAsync().AsTask();
            await test.Clock.PassAsync(StreamOptions.ReadPatience);
            var empty = await reading.InTime("the empty piece");
            Assert.Equal((0, 0, false), (empty.Status, empty.Bytes.Length, empty.IsLast));
            await request.DataAsync(new[] { turn });
            Assert.Equal([turn], (await session.ReadAsync().InTime("what came meanwhile")).Bytes.ToArray());
        }
    }

    [Fact]
    public async Task Write_WhenTheUpstreamTakesNothing_WaitsForRoom()
    {
        await using var test = await StreamsUnderTest.StartAsync(u => u.WithholdsWindow = true);
        var (_, session, request) = await test.OpenThroughAsync();
        var written = 0;
        Task<CallFailure?> writing;
        do
        {
            writing = session.WriteAsync(new byte[StreamOptions.PieceSize / 4], isLast: false).AsTask();
            written += StreamOptions.PieceSize / 4;
            await Eventually.HoldsAsync(() => writing.IsCompleted || request.Received == 65535, "the piece to be taken or the window to be full");
        }
        while (written < 10 * StreamOptions.PieceSize && writing.IsCompleted);
        Assert.False(writing.IsCompleted);
        Assert.Equal(FailureCode.RequestInvalid, (await session.WriteAsync(new byte[1], isLast: false).InTime("a second write to be refused"))?.Code);
        Assert.InRange(written, 65535, 65535 + (3 * StreamOptions.PieceSize));
        await session.DisposeAsync();
        Assert.Equal(FailureCode.CallerAborted, (await writing.InTime("the writer to be told"))?.Code);
    }

    [Fact]
    public async Task Call_ThatFails_IsToldToTheReader_AndWritesSayThatItIsOver()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        await session.WriteAsync(new byte[] { 1 }, isLast: false).InTime("room for the piece");
        await request.PieceAsync();
        await request.ResetAsync(0x2);
        Assert.Equal(FailureCode.UpstreamReset, (await session.ReadToEndAsync()).Last.Failure?.Code);
        await session.DisposeAsync();
        Assert.Equal(FailureCode.CallerAborted, (await session.WriteAsync(new byte[] { 2 }, isLast: false).InTime("the answer"))?.Code);
    }

    [Fact]
    public async Task Read_WhileAnotherIsUnderWay_IsRefused_AndTheFirstGoesOn()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        var first = session.ReadAsync().AsTask();
        Assert.Equal(FailureCode.RequestInvalid, (await session.ReadAsync().InTime("the refusal")).Failure?.Code);
        await request.HeadOnlyAsync(("grpc-status", "0"));
        Assert.Equal(200, (await first.InTime("the head")).Status);
    }

    [Fact]
    public async Task Write_OnACallThatWasSentWhole_IsRefused()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        await (await test.RequestAsync()).HeadAsync();
        await test.Clock.PassAsync(StreamOptions.WorthwhilePause);
        var (_, rest) = await call.InTime("the first of the answer");
        Assert.True(test.Table.TryGet(rest!.Value, out var session));
        Assert.Equal(FailureCode.RequestInvalid, (await session.WriteAsync(new byte[] { 1 }, isLast: true).InTime("the refusal"))?.Code);
    }

    [Fact]
    public async Task Session_ClosedMidCall_ResetsItUpstream_AndEndsTheReadUnderWay()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (key, session, request) = await test.OpenThroughAsync();
        await ReadHeadAsync(test, session, request);
        var reading = session.ReadAsync().AsTask();
        await test.Table.CloseAsync(key);
        Assert.Equal(FailureCode.CallerCancelled, (await reading.InTime("the read to end")).Failure?.Code);
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.OverAsync();
    }

    internal static async Task ReadHeadAsync(StreamsUnderTest test, StreamSession session, Http2UpstreamCall request)
    {
        await request.HeadAsync();
        var reading = session.ReadAsync().AsTask();
        await test.Clock.PassAsync(StreamOptions.WorthwhilePause);
        Assert.Equal(200, (await reading.InTime("the head")).Status);
    }
}
