using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Faults of an upstream as the whole pool meets them: what is counted, what is never used again, and what must not become a hot loop.</summary>
public class UpstreamFaultTests
{
    [Fact]
    public async Task KilledMidCall_IsCountedOnce_AndNeverUsedAgain()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Max = 1);
        for (var killed = 1; killed <= 3; killed++)
        {
            // One good call first: a connection that never served would count against the address.
            var good = test.CallAsync();
            var connection = await upstream.ConnectionAsync();
            await (await connection.CallAsync()).AnswerGrpcAsync([1]);
            await good.Answered();
            var call = test.CallAsync();
            await connection.CallAsync();
            connection.Close();
            await call.Failed(FailureCode.UpstreamClosed);
            await Eventually.HoldsAsync(() => test.Endpoint.Snapshot() is { Connections: 0, InFlight: 0 }, "the slot to be free");
            Assert.Equal((killed, 2), (test.Endpoint.Snapshot().Totals.Closed[CloseReason.Lost], connection.Requests));
        }

        Assert.Equal((3, 1), (upstream.Accepted, upstream.MostOpen));
    }

    [Fact]
    public async Task HalfClosedWhileIdle_IsNotPicked()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var first = test.CallAsync();
        var old = await upstream.ConnectionAsync();
        await (await old.CallAsync()).AnswerGrpcAsync([1]);
        await first.Answered();
        old.HalfClose();
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().Idle == 0, "the end to be noticed without a call");
        var second = test.CallAsync();
        await (await (await upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync([2]);
        await second.Answered();
        Assert.Equal(1, old.Requests);
    }

    [Fact]
    public async Task MaxConcurrentStreams_LoweredBelowWhatIsInFlight_KillsNothing_AndTheNextWaits()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Max = 1);
        var first = test.CallAsync();
        var connection = await upstream.ConnectionAsync();
        var one = await connection.CallAsync();
        var second = test.CallAsync();
        var two = await connection.CallAsync();
        await connection.SettingsAsync(maxConcurrentStreams: 1);
        var third = test.CallAsync();
        await one.AnswerGrpcAsync([1]);
        await first.Answered();
        Assert.Equal((1, 2), (test.Endpoint.Snapshot().Waiting, connection.Requests));
        await two.AnswerGrpcAsync([2]);
        await second.Answered();
        await (await connection.CallAsync()).AnswerGrpcAsync([3]);
        await third.Answered();
    }

    [Fact]
    public async Task FrozenMidCall_IsFoundByThePing_AndFreesTheSlot()
    {
        await using var upstream = Http2Upstream.Start(u => u.IgnoresPings = true);

        // The handler pings by the system's clock; a second is the least it takes.
        await using var test = await EndpointUnderTest.StartAsync(
            upstream.Address, configure: o => (o.Pool.KeepAlivePingDelay, o.Pool.KeepAlivePingTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        var call = test.CallAsync();
        await (await upstream.ConnectionAsync()).CallAsync();
        var failure = await call.Failed(FailureCode.UpstreamClosed);
        Assert.Equal((false, GrpcStatus.Unavailable), (failure.IsRetryable, failure.GrpcStatus));
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot() is { Connections: 0, InFlight: 0 }, "the slot to be free");
        Assert.Equal(1, upstream.Accepted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ClosesEveryConnectionItGreeted_IsLeftAlone_AndNotHammered(int minimum)
    {
        await using var upstream = Http2Upstream.Start(u => u.ClosesWhenGreeted = true);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => (o.Pool.Min, o.Pool.BreakDuration) = (minimum, TimeSpan.FromSeconds(30)));
        await Eventually.HoldsAsync(async () => (await test.CallAsync()).Failure?.Code == FailureCode.CircuitOpen, "the address to be left alone");
        var accepted = upstream.Accepted;
        for (var n = 0; n < 100; n++) await test.CallAsync().Failed(FailureCode.CircuitOpen);
        Assert.InRange(accepted, 2, 10);
        Assert.Equal(accepted, upstream.Accepted);
    }

    [Fact]
    public async Task SlowReader_HoldsBackItsOwnUpstream_AndNotItsNeighbour()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var slow = test.CallAsync();
        var connection = await upstream.ConnectionAsync();
        var request = await connection.CallAsync();
        await request.HeadAsync();
        for (var sent = 0; sent < 60_000; sent += 10_000) await request.DataAsync(new byte[10_000]);
        var response = await slow.Begun();

        var neighbour = test.CallAsync();
        await (await connection.CallAsync()).AnswerGrpcAsync([1]);
        await neighbour.Answered();

        // The acknowledgement comes after all that was sent before has been taken in.
        await connection.SettingsAsync(maxConcurrentStreams: 100);
        Assert.Equal(0, request.Granted);
        var buffer = new byte[60_000];
        for (var read = 0; read < buffer.Length;) read += (await response.ReadAsync(buffer).InTime("what lies here")).Count;
        await Eventually.HoldsAsync(() => request.Granted > 0, "the upstream to be allowed more");
        await response.DisposeAsync();
    }
}
