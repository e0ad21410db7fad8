namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>Streams: order, turns, the end of each side, and who holds back whom.</summary>
[Collection(InteropPeers.Collection)]
public sealed class StreamingTests(InteropPeers peers)
{
    private const int PieceSize = 64 * 1024;
    private const int Pieces = 1000;

    // What both peers, with windows of 64 KiB, and the pool may hold together for one stream; the whole stream is 64 MB.
    private const int HeldAtMost = 3 * 1024 * 1024 / PieceSize;

    [SkippableFact]
    public async Task ClientStreaming_FourRequests_AllCountBeforeTheReply()
    {
        var seen = await peers.CallAsync("client_streaming");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal(74922, seen.Total);
    }

    [SkippableFact]
    public async Task ServerStreaming_FourReplies_ArriveInOrder()
    {
        var seen = await peers.CallAsync("server_streaming");

        AssertFourReplies(seen);
    }

    [SkippableFact]
    public async Task Duplex_FourTurns_EachReplyComesBeforeTheNextRequest()
    {
        var seen = await peers.CallAsync("ping_pong");

        AssertFourReplies(seen);
    }

    [SkippableFact]
    public async Task Duplex_NoMessageEitherWay_EndsWell()
    {
        var seen = await peers.CallAsync("empty_stream");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Empty(seen.Replies);
    }

    [SkippableFact]
    public async Task Duplex_BothSidesSendWithoutWaiting_AllArrive()
    {
        var seen = await peers.CallAsync("burst");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([200], seen.Replies);
        Assert.True(seen.Intact);
    }

    [SkippableFact]
    public async Task Duplex_FiftyAtOnceOnOneChannel_EachTakesItsOwnTurns()
    {
        var seen = await peers.RunAsync<TallySeen>("interop", "many_streams", "50");

        Assert.True(seen is { Good: 50, Codes: { Count: 1 } codes } && codes.ContainsKey("OK"), seen.ToString());
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableFact]
    public async Task ServerStreaming_ServerPausesAfterItsHead_HeadArrivesMeanwhile()
    {
        var seen = await peers.CallAsync("head_before_message");

        Assert.Equal(["sent"], seen.Head.Under("head"));
        Assert.Equal(0, seen.MessagesBefore);
        AssertFourReplies(seen);
    }

    [SkippableFact]
    public async Task ServerStreaming_ClientPauses_ServerIsHeldBack()
    {
        var seen = await peers.RunAsync<CallSeen>("bare", "slow_reader");

        Assert.InRange(seen.HeldAt, 1, HeldAtMost);
        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([Pieces], seen.Replies);
        Assert.True(seen.Intact);
    }

    [SkippableFact]
    public async Task ClientStreaming_ServerPauses_ClientIsHeldBack()
    {
        var seen = await peers.RunAsync<CallSeen>("bare", "slow_taker");

        Assert.InRange(seen.HeldAt, 1, HeldAtMost);
        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal((long)Pieces * PieceSize, seen.Total);
    }

    private static void AssertFourReplies(CallSeen seen)
    {
        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([31415, 9, 2653, 58979], seen.Replies);
        Assert.True(seen.Intact);
    }
}
