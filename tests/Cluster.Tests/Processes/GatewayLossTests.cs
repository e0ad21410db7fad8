using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;
using Xunit.Abstractions;

namespace OrleansPool.Cluster.Tests.Processes;

/// <summary>
/// Two silos in processes of their own. Each has an upstream of its own, so that it shows which of them carries a call: the first is always well, the other
/// dies, freezes or leaves.
/// </summary>
public sealed class GatewayLossTests(ITestOutputHelper output) : IAsyncLifetime
{
    // Two seconds are promised; twice that on a machine that is busy with other tests.
    private static readonly TimeSpan _noticedWithin = TimeSpan.FromSeconds(4);

    private InteropUpstream _upstreamOfFirst = null!;
    private InteropUpstream _upstreamOfOther = null!;
    private SiloProcess _first = null!;
    private SiloProcess _other = null!;
    private PoolClient _client = null!;

    public async Task InitializeAsync()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals.");
        try
        {
            await StartAsync();
        }
        catch
        {
            // Nobody else would: what did not start is not disposed.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        IAsyncDisposable?[] all = [_client, _other, _first, _upstreamOfOther, _upstreamOfFirst];
        foreach (var one in all)
        {
            if (one is not null) await one.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Kill_CallUnderWay_IsUnavailableSoonAndNewCallsGoToTheOther()
    {
        var (record, call) = await HoldAtOtherAsync();
        using var stream = await ConverseAtOtherAsync();
        var since = TimeProvider.System.GetTimestamp();
        await _other.KillAsync();

        await AssertNoticedAsync(since, call.ResponseAsync, stream.ResponseStream.MoveNext());
        await AssertServedByFirstAsync();
        Assert.Equal(1, record.Arrived);
    }

    [SkippableFact]
    public async Task Kill_UnderLoad_CallsFailOnlyAsUnavailableAndThenRecover()
    {
        const int CallsEachWay = 300;
        await using var load = new CallLoad(_client);
        await load.MoreAsync(CallsEachWay);
        await _other.KillAsync();
        await load.MoreAsync(CallsEachWay);
        var failures = await load.EndAsync();

        output.WriteLine($"{failures.Count} calls failed");
        Assert.All(failures, failure => Assert.Equal(StatusCode.Unavailable, failure.StatusCode));
        await AssertServedByFirstAsync();
    }

    [SkippableFact]
    public async Task Freeze_CallUnderWay_IsUnavailableSoonAndNewCallsGoToTheOther()
    {
        var (record, call) = await HoldAtOtherAsync();
        using var stream = await ConverseAtOtherAsync();
        var since = TimeProvider.System.GetTimestamp();
        await _other.FreezeAsync();

        await AssertNoticedAsync(since, call.ResponseAsync, stream.ResponseStream.MoveNext());
        await AssertServedByFirstAsync();
        Assert.Equal(1, record.Arrived);
    }

    [SkippableFact]
    public async Task Stop_CallsUnderWay_FinishAndNewCallsGoToTheOtherWithoutAnError()
    {
        var (record, call) = await HoldAtOtherAsync();
        using var stream = await ConverseAtOtherAsync();
        await _other.BeginToStopAsync();

        // It says that it is not ready a moment before it turns calls away; one that slips in is served there, and none fails.
        await Eventually.HoldsAsync(AreServedByFirstAsync, "new calls to go to the first silo");
        await stream.RequestStream.WriteAsync(new Wish { ReplySize = 3 });
        Assert.Equal(3, (await stream.ResponseStream.NextAsync()).Body.Length);
        await stream.RequestStream.CompleteAsync();
        Assert.Empty(await stream.ResponseStream.RestAsync());
        record.OpenGate();
        await call.RepliesAsync();
        var exitCode = await _other.EndAsync();
        Assert.True(exitCode == 0, $"It ended with {exitCode}, after these words:\n{_other.Words}");
        await AssertServedByFirstAsync();
    }

    private async Task StartAsync()
    {
        var cluster = $"gateway-loss-{Guid.NewGuid():N}";
        _upstreamOfFirst = await InteropUpstream.StartAsync("the first silo's upstream");
        _upstreamOfOther = await InteropUpstream.StartAsync("the other silo's upstream");
        _first = await SiloProcess.StartAsync(cluster, _upstreamOfFirst.Grpc, primarySiloPort: null);
        _other = await SiloProcess.StartAsync(cluster, _upstreamOfOther.Grpc, _first.SiloPort);
        _client = await PoolClient.ConnectAsync(new ClusterAddress(cluster, cluster, [_first.Gateway, _other.Gateway]));
    }

    private async Task AssertNoticedAsync(long since, params Task[] calls)
    {
        foreach (var call in calls)
        {
            await call.FailsAsync(StatusCode.Unavailable);
            var elapsed = TimeProvider.System.GetElapsedTime(since);
            output.WriteLine($"UNAVAILABLE after {elapsed.TotalMilliseconds:F0} ms");
            Assert.InRange(elapsed, TimeSpan.Zero, _noticedWithin);
        }
    }

    private async Task AssertServedByFirstAsync() => Assert.True(await AreServedByFirstAsync(), "a call was not carried by the first silo");

    // False when another silo carried some; a call that fails, fails the test.
    private async Task<bool> AreServedByFirstAsync()
    {
        const int Count = 100;
        var record = _upstreamOfFirst.Calls.Expect("after");
        var client = _client.Grpc();
        for (var count = 0; count < Count; count++) await client.EmptyAsync(new Nothing(), record.Metadata).RepliesAsync();
        using var call = client.Converse(record.Metadata);
        await call.RequestStream.CompleteAsync();
        Assert.Empty(await call.ResponseStream.RestAsync());

        return record.Arrived == Count + 1;
    }

    private async Task<(CallRecord Record, AsyncUnaryCall<Reply> Call)> HoldAtOtherAsync()
    {
        while (true)
        {
            var record = _upstreamOfOther.Calls.Expect("held");
            var call = _client.Grpc().HoldAsync(new Wish(), record.Metadata);
            if (await ArrivesAtOtherAsync(record, call.ResponseAsync)) return (record, call);
            await call.RepliesAsync();
        }
    }

    private async Task<AsyncDuplexStreamingCall<Wish, Reply>> ConverseAtOtherAsync()
    {
        while (true)
        {
            var record = _upstreamOfOther.Calls.Expect("conversing");
            var call = _client.Grpc().Converse(record.Metadata);
            await call.RequestStream.WriteAsync(new Wish { ReplySize = 1 });
            await call.ResponseStream.NextAsync();
            if (record.Arrived > 0) return call;
            call.Dispose();
        }
    }

    // A call that went to the first silo is let go.
    private async Task<bool> ArrivesAtOtherAsync(CallRecord record, Task call)
    {
        await Eventually.HoldsAsync(() => record.Arrived > 0 || _upstreamOfFirst.Calls.HasSeen(record.Id) || call.IsCompleted, $"{record.Id} to arrive anywhere");
        if (call.IsFaulted) await call;
        if (record.Arrived > 0) return true;
        _upstreamOfFirst.Calls.Of(record.Id).OpenGate();
        return false;
    }
}
