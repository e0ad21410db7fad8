using OrleansPool.Core.Calls.Streams;

namespace OrleansPool.Core.Tests.Calls.Streams;

/// <summary>Streams by key, and what becomes of one that nobody reads.</summary>
public class StreamTableTests
{
    // The sweep comes four times in a time to live, so an abandoned stream is gone a quarter later at most.
    private static readonly TimeSpan _sweep = StreamOptions.TimeToLive / 4;

    [Fact]
    public async Task Stream_NobodyReads_IsGoneWithinItsTimeToLive_AndResetUpstream()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, _, request) = await test.OpenThroughAsync();
        test.Clock.Advance(StreamOptions.TimeToLive);
        Assert.Equal(1, test.Table.Count);
        test.Clock.Advance(_sweep);
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.OverAsync();
    }

    [Fact]
    public async Task RestOfAnAnswer_NobodyReads_IsGoneWithinItsTimeToLive()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var call = test.CollectAsync();
        var request = await test.RequestAsync();
        await request.HeadAsync();
        await test.Clock.PassAsync(StreamOptions.WorthwhilePause);
        await call.InTime("the first of the answer");
        Assert.Equal(1, test.Table.Count);
        test.Clock.Advance(StreamOptions.TimeToLive + _sweep);
        Assert.Equal(0x8, await request.ResetByClientAsync());
        await test.OverAsync();
    }

    [Fact]
    public async Task Stream_KeptAlive_Stays_UntilThatEnds()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        for (var n = 0; n < 5; n++)
        {
            test.Clock.Advance(StreamOptions.TimeToLive);
            Assert.Equal(1, test.Table.Count);
            session.KeepAlive();
        }

        test.Clock.Advance(StreamOptions.TimeToLive + _sweep);
        await request.ResetByClientAsync();
        await test.OverAsync();
    }

    [Fact]
    public async Task Stream_ReadNowAndThen_Stays()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, session, request) = await test.OpenThroughAsync();
        await StreamSessionTests.ReadHeadAsync(test, session, request);
        for (byte turn = 0; turn < 5; turn++)
        {
            test.Clock.Advance(StreamOptions.TimeToLive);
            await request.DataAsync(new[] { turn });
            Assert.Equal([turn], (await session.ReadAsync().InTime("a piece")).Bytes.ToArray());
            Assert.Equal(1, test.Table.Count);
        }
    }

    [Fact]
    public async Task Key_InUse_IsRefused_AndItsStreamUndisturbed()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (key, session, request) = await test.OpenThroughAsync();
        Assert.False(test.Table.TryOpen(key, test.Endpoint.Endpoint, StreamsUnderTest.Head()));
        Assert.True(test.Table.TryGet(key, out var found));
        Assert.Same(session, found);
        await request.HeadOnlyAsync(("grpc-status", "0"));
        Assert.Equal(200, (await session.ReadAsync().InTime("the head")).Status);
        await test.Table.CloseAsync(key);
        await test.OverAsync();
    }

    [Fact]
    public async Task Key_Unknown_IsNotFound_AndClosingItIsHarmless()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        Assert.False(test.Table.TryGet(Guid.NewGuid(), out _));
        await test.Table.CloseAsync(Guid.NewGuid());
    }

    [Fact]
    public async Task Table_Disposed_EndsAllStreams()
    {
        await using var test = await StreamsUnderTest.StartAsync();
        var (_, _, first) = await test.OpenThroughAsync();
        test.Open();
        await test.Table.DisposeAsync();
        Assert.Equal(0x8, await first.ResetByClientAsync());
        await test.OverAsync();
        Assert.False(test.Clock.IsAwaited(_sweep));
    }
}
