namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>One request and one reply, small and large, alone and by the thousand.</summary>
[Collection(InteropPeers.Collection)]
public sealed class UnaryTests(InteropPeers peers)
{
    [SkippableFact]
    public async Task Unary_EmptyMessages_ArriveEmpty()
    {
        var seen = await peers.CallAsync("empty_unary");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([0], seen.Replies);
    }

    [SkippableFact]
    public async Task Unary_LargeMessages_ArriveIntact()
    {
        var seen = await peers.CallAsync("large_unary");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([314159], seen.Replies);
        Assert.True(seen.Intact);
    }

    [SkippableFact]
    public async Task Unary_FourMegabytesEachWay_ArriveIntact()
    {
        var seen = await peers.CallAsync("four_megabytes");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([4 * 1024 * 1024], seen.Replies);
        Assert.True(seen.Intact);
    }

    [SkippableTheory]
    [InlineData("interop.pool", "")]
    [InlineData("INTEROP:8080", "")]
    [InlineData("localhost", "/e/interop")]
    public async Task Unary_EndpointNamedByAuthorityOrPath_ReachesIt(string authority, string prefix)
    {
        var seen = await peers.RunAsync<CallSeen>(authority, "path_prefix", prefix);

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([9], seen.Replies);
    }

    [SkippableFact]
    public async Task Unary_ThousandAtOnceOnOneChannel_AreAllInFlightTogether()
    {
        var seen = await peers.RunAsync<TallySeen>("interop", "thousand_at_once");

        Assert.True(seen is { Good: 1000, Codes: { Count: 1 } codes } && codes.ContainsKey("OK"), seen.ToString());
        Assert.InRange(seen.UpstreamConnections, 1, 10);
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableFact]
    public async Task Unary_HundredLargeOnesAtOnce_AllArriveIntact()
    {
        var seen = await peers.RunAsync<TallySeen>("interop", "large_at_once", "100");

        Assert.True(seen is { Good: 100, Codes: { Count: 1 } codes } && codes.ContainsKey("OK"), seen.ToString());
    }

    [SkippableFact]
    public async Task Unary_MoreCallsThanPermits_WaitTheirTurnAndSucceed()
    {
        var seen = await peers.RunAsync<TallySeen>("narrow", "large_at_once", "50");

        Assert.True(seen is { Good: 50, Codes: { Count: 1 } codes } && codes.ContainsKey("OK"), seen.ToString());
        Assert.Equal(1, (await peers.HostAsync()).Pool("narrow").Connections);
    }
}
