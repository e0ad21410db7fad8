using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>What an HTTP/2 peer may do to a connection, done by one under the test's control, over real sockets.</summary>
public class Http2ChannelTests
{
    [Fact]
    public async Task Warm_Minimum_OpensConnectionsWithoutACall()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Min = 2);
        Assert.Equal((2, 2), (test.Endpoint.Snapshot().Idle, upstream.Open));
        Assert.Equal(0, (await upstream.ConnectionAsync()).Requests);
    }

    [Fact]
    public async Task GoAway_CallsAboveTheLastStream_AreRepeatedOnAnotherConnection_OthersFinish()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Max = 2);
        var first = test.CallAsync();
        var old = await upstream.ConnectionAsync();
        var processed = await old.CallAsync();
        var second = test.CallAsync();
        var unprocessed = await old.CallAsync();
        await old.GoAwayAsync(lastStream: processed.Stream);

        var repeated = await (await upstream.ConnectionAsync()).CallAsync();
        Assert.Equal(await unprocessed.BodyAsync(), await repeated.BodyAsync());
        await repeated.AnswerGrpcAsync("two"u8.ToArray());
        await second.Answered();
        await processed.AnswerGrpcAsync("one"u8.ToArray());
        await first.Answered();
        await Eventually.HoldsAsync(() => old.IsClosed, "the old connection to close after its last call");
        Assert.True(upstream.MostOpen <= 2);
    }

    [Fact]
    public async Task GoAway_WithACallInFlightAndNoRoom_NewCallWaitsForTheSlot()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Max = 1);
        var first = test.CallAsync();
        var old = await upstream.ConnectionAsync();
        var processed = await old.CallAsync();
        await old.GoAwayAsync(processed.Stream);
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().Draining == 1, "the channel to drain");
        var second = test.CallAsync();
        Assert.Equal((1, 1), (test.Endpoint.Snapshot().Waiting, upstream.Accepted));
        await processed.AnswerGrpcAsync("one"u8.ToArray());
        await first.Answered();
        await (await (await upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync("two"u8.ToArray());
        await second.Answered();
        Assert.Equal(1, upstream.MostOpen);
    }

    [Fact]
    public async Task MaxConcurrentStreams_FromTheStart_IsNeverExceeded()
    {
        await using var upstream = Http2Upstream.Start(u => u.MaxConcurrentStreams = 1);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Max = 1);
        var (first, second) = (test.CallAsync(), test.CallAsync());
        var connection = await upstream.ConnectionAsync();
        var call = await connection.CallAsync();
        Assert.Equal((1, 1), (connection.Requests, test.Endpoint.Snapshot().Waiting));
        await call.AnswerGrpcAsync("one"u8.ToArray());
        await first.Answered();
        await (await connection.CallAsync()).AnswerGrpcAsync("two"u8.ToArray());
        await second.Answered();
    }

    [Fact]
    public async Task MaxConcurrentStreams_LoweredToOne_MakesTheNextCallTakeAnotherConnection()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => (o.Pool.Min, o.Pool.Max) = (1, 2));
        var old = await upstream.ConnectionAsync();
        await old.SettingsAsync(maxConcurrentStreams: 1);
        var first = test.CallAsync();
        var one = await old.CallAsync();
        var second = test.CallAsync();
        var two = await (await upstream.ConnectionAsync()).CallAsync();
        await one.AnswerGrpcAsync("one"u8.ToArray());
        await two.AnswerGrpcAsync("two"u8.ToArray());
        await first.Answered();
        await second.Answered();
        Assert.Equal(1, old.Requests);
    }

    [Theory]
    [InlineData(0x2, GrpcStatus.Internal)]
    [InlineData(0x8, GrpcStatus.Cancelled)]
    [InlineData(0xb, GrpcStatus.ResourceExhausted)]
    [InlineData(0xc, GrpcStatus.PermissionDenied)]
    public async Task Reset_AfterTheCallWasSent_FailsOnceAndIsNotRepeated(int errorCode, GrpcStatus status)
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var connection = await upstream.ConnectionAsync();
        await (await connection.CallAsync()).ResetAsync(errorCode);
        var failure = await call.Failed(FailureCode.UpstreamReset);
        Assert.Equal((status, Party.Upstream, false), (failure.GrpcStatus, failure.Party, failure.IsRetryable));
        Assert.Equal(1, connection.Requests);
        Assert.Equal(1, test.Endpoint.Snapshot().Idle);
    }

    [Fact]
    public async Task RefusedStream_IsRepeated()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var connection = await upstream.ConnectionAsync();
        await (await connection.CallAsync()).ResetAsync(0x7);
        await (await connection.CallAsync()).AnswerGrpcAsync("again"u8.ToArray());
        await call.Answered();
    }

    [Fact]
    public async Task RefusedStream_EveryTime_FailsAsRetryableAfterAllAttempts()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Retry.Attempts = 2);
        var call = test.CallAsync();
        var connection = await upstream.ConnectionAsync();
        for (var attempt = 0; attempt < 2; attempt++) await (await connection.CallAsync()).ResetAsync(0x7);
        Assert.True((await call.Failed(FailureCode.UpstreamRefused)).IsRetryable);
        Assert.Equal(2, connection.Requests);
    }

    [Fact]
    public async Task ConnectionLost_WithTheCallInFlight_FailsAndIsNotRepeated()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var connection = await upstream.ConnectionAsync();
        await connection.CallAsync();
        connection.Close();
        var failure = await call.Failed(FailureCode.UpstreamClosed);
        Assert.Equal((GrpcStatus.Unavailable, false), (failure.GrpcStatus, failure.IsRetryable));
        Assert.Equal(1, upstream.Accepted);
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().Connections == 0, "the lost connection to be forgotten");
    }

    [Fact]
    public async Task ConnectionLost_WhileIdle_NextCallTakesANewOne()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Min = 1);
        (await upstream.ConnectionAsync()).Close();
        await Eventually.HoldsAsync(() => upstream.Accepted == 2, "the minimum to be kept");
        var call = test.CallAsync();
        await (await (await upstream.ConnectionAsync()).CallAsync()).AnswerGrpcAsync("hi"u8.ToArray());
        await call.Answered();
    }

    [Fact]
    public async Task MutePeer_FailsAtTheConnectTimeout()
    {
        await using var upstream = Http2Upstream.Start(u => u.IsMute = true);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => (o.Pool.ConnectTimeout, o.Pool.ConnectAttempts) = (TimeSpan.FromMilliseconds(100), 1));
        await test.CallAsync().Failed(FailureCode.ConnectTimeout);
        Assert.Equal(0, test.Endpoint.Snapshot().Connections);
    }

    [Fact]
    public async Task PeerThatAcceptsAndCloses_OpensTheCircuit_AndIsNotHammered()
    {
        await using var upstream = Http2Upstream.Start(u => u.ClosesAtOnce = true);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.BreakDuration = TimeSpan.FromSeconds(30));
        await test.CallAsync().Failed(FailureCode.HandshakeFailed);
        for (var n = 0; n < 100; n++) await test.CallAsync().Failed(FailureCode.CircuitOpen);
        Assert.InRange(upstream.Accepted, 3, 4);
    }

    [Fact]
    public async Task RefusedConnection_FailsAsRetryable()
    {
        string address;
        await using (var upstream = Http2Upstream.Start()) address = upstream.Address;
        await using var test = await EndpointUnderTest.StartAsync(address);
        var failure = await test.CallAsync().Failed(FailureCode.ConnectFailed);
        Assert.Equal((true, Stage.Connect, Party.Upstream), (failure.IsRetryable, failure.Stage, failure.Party));
    }

    [Fact]
    public async Task HeadersAboveThePeersLimit_AreNotSent()
    {
        await using var upstream = Http2Upstream.Start(u => u.MaxHeaderListSize = 1000);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var failure = await test.CallAsync(headers: ("x-large", new string('x', 1000))).Failed(FailureCode.HeadersTooLarge);
        Assert.Equal(Party.Caller, failure.Party);
    }

    [Fact]
    public async Task Cancel_MidCall_ReachesTheUpstreamAsReset_AndFreesTheLease()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var leaving = new CancellationTokenSource();
        var call = test.CallAsync(caller: leaving.Token);
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await leaving.CancelAsync();
        await call.Failed(FailureCode.CallerCancelled);
        Assert.Equal(0x8, await request.ResetByClientAsync());
        Assert.Equal((0, 1), (test.Endpoint.Snapshot().InFlight, test.Endpoint.Snapshot().Idle));
    }

    [Fact]
    public async Task Answer_DisposedBeforeItsEnd_IsResetUpstream()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync(("content-type", "application/grpc"));
        await (await call.Begun()).DisposeAsync();
        Assert.Equal(0x8, await request.ResetByClientAsync());
        Assert.Equal(0, test.Endpoint.Snapshot().InFlight);
    }

    [Fact]
    public async Task Deadline_PassesAtTheUpstream_ResetsTheCall()
    {
        await using var upstream = Http2Upstream.Start();
        var clock = new ManualTimeProvider();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, time: clock);
        var call = test.CallAsync(headers: ("grpc-timeout", "50m"));
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        clock.Advance(TimeSpan.FromMilliseconds(50));
        await call.Failed(FailureCode.DeadlineAtUpstream);
        Assert.Equal(0x8, await request.ResetByClientAsync());
    }

    [Fact]
    public async Task Drain_WithACallInFlight_FinishesItFirst()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        var draining = test.Endpoint.DrainAsync(TimeSpan.FromSeconds(30));
        await test.CallAsync().Failed(FailureCode.Draining);
        await request.AnswerGrpcAsync("last"u8.ToArray());
        await call.Answered();
        await draining.InTime("the drain to end");
        await Eventually.HoldsAsync(() => upstream.Open == 0, "the connection to close");
    }

    [Fact]
    public async Task Totals_OfARun_SayWhyChannelsClosed()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Min = 1);
        await (await upstream.ConnectionAsync()).GoAwayAsync(0);
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot().Totals.Closed[CloseReason.GoAway] == 1, "the GOAWAY to be counted");
    }
}
