using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>Deadlines and cancellation reach the server, and leave nothing behind in the pool.</summary>
[Collection(InteropPeers.Collection)]
public sealed class TimingTests(InteropPeers peers)
{
    [SkippableFact]
    public async Task Deadline_OfOneMillisecond_IsExceededAndLeavesNothing()
    {
        var seen = await peers.CallAsync("deadline_of_1_ms");

        Assert.Equal("DEADLINE_EXCEEDED", seen.Status);
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableTheory]
    [InlineData("deadline_passes_upstream", "deadline-upstream")]
    [InlineData("deadline_passes_on_stream", "deadline-stream")]
    public async Task Deadline_PassesAtTheServer_ServerKnewItAndSeesTheEnd(string name, string call)
    {
        var server = await peers.ServerAsync();
        var seen = await peers.CallAsync(name);

        Assert.Equal("DEADLINE_EXCEEDED", seen.Status);
        var began = await server.TellsAsync("began", call);
        Assert.InRange(began.RemainingMs ?? double.NaN, 1, 801);
        await server.TellsAsync("cancelled", call);
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableFact]
    public async Task Deadline_WaitInTheQueue_IsTakenFromWhatTheServerIsTold()
    {
        var seen = await peers.RunAsync<CallSeen>("narrow", "deadline_less_queueing");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));

        // Half of it is room for the time between processes, which a deadline on the wire does not know: it says what is left, not when it ends.
        Assert.InRange(seen.Server!.RemainingMs ?? double.NaN, 1, 9_000 - (seen.WaitedMs / 2));
    }

    [SkippableFact]
    public async Task Deadline_NoneFromTheClient_EndpointsDefaultApplies()
    {
        var server = await peers.ServerAsync();
        var seen = await peers.RunAsync<CallSeen>("hasty", "no_deadline");

        // From the pool or from the server, whichever looks at its clock first.
        Assert.Equal("DEADLINE_EXCEEDED", seen.Status);
        var began = await server.TellsAsync("began", "no-deadline");
        Assert.InRange(began.RemainingMs ?? double.NaN, 1, 801);
        await server.TellsAsync("cancelled", "no-deadline");
    }

    [SkippableTheory]
    [InlineData("cancel_after_begin", "cancel-after-begin")]
    [InlineData("cancel_after_first_response", "cancel-after-first-response")]
    [InlineData("cancel_unary", "cancel-unary")]
    [InlineData("cancel_server_stream", "cancel-server-stream")]
    public async Task Cancel_CallIsAtTheServer_ServerSeesIt(string name, string call)
    {
        var server = await peers.ServerAsync();
        var seen = await peers.RunAsync<EndSeen>("interop", name);

        Assert.Equal("CANCELLED", seen.Status);
        await server.TellsAsync("cancelled", call);
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableFact]
    public async Task Cancel_HundredsOnOneChannel_LeaveTheOthersAlone()
    {
        var seen = await peers.RunAsync<TallySeen>("interop", "cancel_many", "500");

        Assert.True(seen is { Good: 500, Codes: { Count: 1 } codes } && codes.ContainsKey("OK"), seen.ToString());
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableFact]
    public async Task Cancel_BeforeAnythingIsSent_LeavesNothing()
    {
        var seen = await peers.RunAsync<EndSeen>("interop", "cancel_at_once");

        Assert.Equal("CANCELLED", seen.Status);
        await (await peers.HostAsync()).IsQuietAsync("interop");
    }

    [SkippableTheory]
    [InlineData("cancel", "CANCELLED")]
    [InlineData("deadline", "DEADLINE_EXCEEDED")]
    public async Task Queue_CallEndsWhileItWaits_NeverReachesTheServer(string ending, string status)
    {
        var host = await peers.HostAsync();
        await using var client = await peers.ClientAsync("narrow", "queued_call", ending);
        var endedBefore = Ended(host);

        Assert.Equal("queued", await client.ReadLineAsync("the call to be sent"));
        await Eventually.HoldsAsync(() => host.Pool("narrow").Waiting == 1 || Ended(host) > endedBefore, "the call to wait in the queue");
        await client.WriteLineAsync("end it");
        Assert.Equal("ended", await client.ReadLineAsync("the call to end for its client"));
        await Eventually.HoldsAsync(() => Ended(host) == endedBefore + 1, "the call to leave the queue");
        await client.WriteLineAsync("go on");

        Assert.Equal(new QueuedSeen(status, "OK", "OK"), await InteropPeers.ResultAsync<QueuedSeen>(client, "queued_call"));
        Assert.False((await peers.ServerAsync()).HasSeen($"queued-{ending}"));
        await host.IsQuietAsync("narrow");
    }

    private static long Ended(GatewayHost host)
    {
        var totals = host.Pool("narrow").Totals;
        return totals.TimedOut + totals.Cancelled;
    }

    private sealed record EndSeen(string Status);

    private sealed record QueuedSeen(string Queued, string First, string Following);
}
