namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>The end of a call: the server's status passes as it is, and the pool's own reads like one.</summary>
[Collection(InteropPeers.Collection)]
public sealed class StatusTests(InteropPeers peers)
{
    [SkippableTheory]
    [InlineData("status_unary", "UNKNOWN", "test status message")]
    [InlineData("status_duplex", "UNKNOWN", "test status message", 9)]
    [InlineData("status_after_replies", "FAILED_PRECONDITION", "in the middle", 9, 31415)]
    [InlineData("special_status_message", "UNKNOWN", "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")]
    public async Task Status_OfTheServer_PassesWithItsMessage(string call, string status, string details, params int[] replies)
    {
        var seen = await peers.CallAsync(call);

        Assert.Equal((status, details), (seen.Status, seen.Details));
        Assert.Equal(replies, seen.Replies);
    }

    [SkippableFact]
    public async Task Status_EachThatAServerMayGive_PassesWithItsMessage()
    {
        var seen = await peers.RunAsync<StatusesSeen>("interop", "every_status");

        var codes = Enumerable.Range(1, 16);
        Assert.Equal(codes, seen.Codes);
        Assert.Equal([.. codes.Select(code => $"code {code} €")], seen.Details);
    }

    [SkippableTheory]
    [InlineData("unimplemented_method")]
    [InlineData("unimplemented_service")]
    [InlineData("unimplemented_stream")]
    public async Task Status_MethodUnknownToTheServer_IsTheServersOwn(string call)
    {
        var seen = await peers.CallAsync(call);

        Assert.Equal(("UNIMPLEMENTED", "Method not found!"), (seen.Status, seen.Details));
        Assert.Empty(seen.Trailing.Under("orleanspool-error"));
    }

    [SkippableTheory]
    [InlineData("nobody")]
    [InlineData("nobody.pool")]
    public async Task Status_EndpointUnknown_IsUnimplementedByThePool(string endpoint)
    {
        var unary = await peers.RunAsync<CallSeen>(endpoint, "empty_unary");
        var stream = await peers.RunAsync<CallSeen>(endpoint, "ping_pong");

        Assert.All([unary, stream], seen => AssertOwn(seen, "UNIMPLEMENTED", "EndpointUnknown", "Route"));
    }

    [SkippableFact]
    public async Task Status_UpstreamGone_IsUnavailableFromThePool()
    {
        var unary = await peers.RunAsync<CallSeen>("gone", "empty_unary");
        var stream = await peers.RunAsync<CallSeen>("gone", "ping_pong");

        Assert.All([unary, stream], seen =>
        {
            Assert.Equal("UNAVAILABLE", seen.Status);
            Assert.Equal(["Upstream"], seen.Trailing.Under("orleanspool-party"));
        });
    }

    [SkippableTheory]
    [InlineData("large_unary", "RequestTooLarge", "Send")]
    [InlineData("large_reply", "ResponseTooLarge", "Receive")]
    public async Task Status_MessageOverTheEndpointsLimit_IsResourceExhausted(string call, string error, string stage)
    {
        var seen = await peers.RunAsync<CallSeen>("small", call);

        AssertOwn(seen, "RESOURCE_EXHAUSTED", error, stage);
        await (await peers.HostAsync()).IsQuietAsync("small");
    }

    private static void AssertOwn(CallSeen seen, string status, string error, string stage)
    {
        Assert.Equal(status, seen.Status);
        Assert.Contains(error, seen.Details, StringComparison.Ordinal);
        Assert.Equal([error], seen.Trailing.Under("orleanspool-error"));
        Assert.Equal([stage], seen.Trailing.Under("orleanspool-stage"));
    }

    private sealed record StatusesSeen(int[] Codes, string[] Details);
}
