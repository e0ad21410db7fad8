using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>What becomes of HTTP/1.1 connections: when one is used again, and what a server may do to it.</summary>
public class Http1ChannelTests
{
    [Fact]
    public async Task Calls_OneAfterAnother_ShareOneConnection()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var first = test.GetAsync("/0");
        var connection = await upstream.ConnectionAsync();
        await AnswerAsync(connection, first, "/0");
        for (var n = 1; n < 5; n++) await AnswerAsync(connection, test.GetAsync($"/{n}"), $"/{n}");
        Assert.Equal((1, 5), (upstream.Accepted, upstream.Requests));
    }

    [Fact]
    public async Task Calls_AtOnce_TakeAConnectionEach()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream, max: 2);
        var calls = new[] { test.GetAsync("/"), test.GetAsync("/") };
        var requests = new[] { await upstream.RequestAsync(), await upstream.RequestAsync() };
        Assert.Equal((2, 2), (test.Endpoint.Snapshot().Busy, upstream.Open));
        foreach (var request in requests) await request.AnswerAsync();
        foreach (var call in calls) await call.Answered();
        Assert.Equal((2, 2), (test.Endpoint.Snapshot().Idle, upstream.Open));
    }

    [Fact]
    public async Task SecondCall_NoConnectionFree_WaitsWhereItCanBeSeen()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var first = test.GetAsync("/1");
        var request = await upstream.RequestAsync();
        var second = test.GetAsync("/2");
        Assert.Equal((1, 1), (test.Endpoint.Snapshot().Waiting, upstream.Requests));

        // The answer's body has not ended: its connection is not free yet.
        await request.Connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
        await using var response = await first.Begun();
        Assert.Equal((1, 1), (test.Endpoint.Snapshot().Waiting, upstream.Requests));
        await request.Connection.SendAsync("k");
        await first.Answered();
        await AnswerAsync(request.Connection, second, "/2");
        Assert.Equal(1, upstream.Accepted);
    }

    [Theory]
    [InlineData("Connection: close")]
    [InlineData("Connection: Close, x-other")]
    public async Task Answer_WithConnectionClose_EndsTheChannel_AndTheNextCallOpensAnother(string header)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var first = test.GetAsync("/1");
        var request = await upstream.RequestAsync();
        await request.AnswerAsync("bye", header);
        var (response, _) = await first.Answered();
        Assert.Empty(response.Headers.All("connection"));
        await request.Connection.ClosedAsync();
        await AnswerAsync(await NextConnectionAsync(upstream, test, out var second), second, "/2");
        Assert.Equal((2, 2), (upstream.Accepted, upstream.Requests));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServerClosesWhileIdle_NextCallIsSentOnceOnANewConnection(bool halfCloses)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var first = test.GetAsync("/1");
        var connection = await upstream.ConnectionAsync();
        await AnswerAsync(connection, first, "/1");
        if (halfCloses) connection.HalfClose();
        else connection.Close();
        await AnswerAsync(await NextConnectionAsync(upstream, test, out var second), second, "/2");
        Assert.Equal((2, 2), (upstream.Accepted, upstream.Requests));
    }

    [Fact]
    public async Task ServerSendsSomethingUnasked_WhileIdle_ThatConnectionIsNotUsed()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var first = test.GetAsync("/1");
        var connection = await upstream.ConnectionAsync();
        await AnswerAsync(connection, first, "/1");

        // The answer to a call that was never made would be taken for the next one's.
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
        await AnswerAsync(await NextConnectionAsync(upstream, test, out var second), second, "/2");
        Assert.Equal((2, 2), (upstream.Accepted, upstream.Requests));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ServerClosesWithoutAnAnswer_CallFailsAndIsNotRepeated(bool isReused, bool resets)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var call = test.GetAsync("/1");
        var connection = await upstream.ConnectionAsync();
        if (isReused)
        {
            await AnswerAsync(connection, call, "/1");
            call = test.GetAsync("/2");
        }

        await connection.RequestAsync();
        if (resets) connection.Reset();
        else connection.Close();
        var failure = await call.Failed(FailureCode.UpstreamClosed);
        Assert.Equal((Party.Upstream, false), (failure.Party, failure.IsRetryable));
        await Eventually.HoldsAsync(() => test.Endpoint.Snapshot() is { Connections: 0, InFlight: 0 }, "the connection to be given up");
        Assert.Equal((1, isReused ? 2 : 1), (upstream.Accepted, upstream.Requests));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task ServerClosesMidBody_IsAFailureAndNotAShortAnswer(string half)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var call = test.GetAsync();
        var request = await upstream.RequestAsync();
        await request.Connection.SendAsync(half);
        await using var response = await call.Begun();
        var buffer = new byte[100];
        Assert.Equal(4, (await response.ReadAsync(buffer).InTime("the first half")).Count);
        request.Connection.Close();
        var failure = (await response.ReadAsync(buffer).InTime("the failure")).Failure;
        Assert.Equal(FailureCode.UpstreamClosed, failure?.Code);
        Assert.False(failure!.IsRetryable);
        Assert.Equal(1, upstream.Requests);
    }

    [Fact]
    public async Task Answer_DisposedUnread_ClosesItsConnection_AndFreesTheSlot()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        var first = test.GetAsync();
        var request = await upstream.RequestAsync();
        await request.Connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nsome");
        var response = await first.Begun();
        var waiting = test.GetAsync("/2");
        Assert.Equal(1, test.Endpoint.Snapshot().Waiting);
        await response.DisposeAsync();
        await request.Connection.ClosedAsync();
        await AnswerAsync(await upstream.ConnectionAsync(), waiting, "/2");
        Assert.Equal((2, 0), (upstream.Accepted, test.Endpoint.Snapshot().InFlight));
    }

    [Fact]
    public async Task Caller_LeavesMidCall_ClosesTheConnection_AndFreesTheSlot()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await StartAsync(upstream);
        using var leaving = new CancellationTokenSource();
        var first = test.GetAsync(caller: leaving.Token);
        var request = await upstream.RequestAsync();
        await leaving.CancelAsync();
        await first.Failed(FailureCode.CallerCancelled);
        await request.Connection.ClosedAsync();
        await AnswerAsync(await NextConnectionAsync(upstream, test, out var second), second, "/2");
    }

    [Fact]
    public async Task CancelledCall_WithAnotherWaiting_LeavesItAConnectionOfItsOwn()
    {
        // One attempt only: a call placed on the connection that has just ended would show as refused.
        const int Rounds = 100;
        await using var upstream = Http1Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, Protocol.Http1, o => (o.Pool.Max, o.Retry.Attempts) = (1, 1));
        var leaving = new CancellationTokenSource();
        var call = test.GetAsync(caller: leaving.Token);
        for (var round = 0; round < Rounds; round++)
        {
            await upstream.RequestAsync();
            var next = new CancellationTokenSource();
            var waiting = test.GetAsync(caller: next.Token);
            await leaving.CancelAsync();
            await call.Failed(FailureCode.CallerCancelled);
            leaving.Dispose();
            (call, leaving) = (waiting, next);
        }

        await leaving.CancelAsync();
        await call.Failed(FailureCode.CallerCancelled);
        leaving.Dispose();
    }

    [Fact]
    public async Task RefusedConnection_FailsAsRetryable()
    {
        string address;
        await using (var upstream = Http1Upstream.Start()) address = upstream.Address;
        await using var test = await EndpointUnderTest.StartAsync(address, Protocol.Http1);
        Assert.True((await test.GetAsync().Failed(FailureCode.ConnectFailed)).IsRetryable);
    }

    [Fact]
    public async Task Minimum_IsOpenedWithoutARequest()
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, Protocol.Http1, o => o.Pool.Min = 2);
        Assert.Equal(2, test.Endpoint.Snapshot().Idle);
        await Eventually.HoldsAsync(() => upstream.Accepted == 2, "both connections to be accepted");
        Assert.Equal(0, upstream.Requests);
    }

    private static Task<EndpointUnderTest> StartAsync(Http1Upstream upstream, int max = 1) => EndpointUnderTest.StartAsync(upstream.Address, Protocol.Http1, o => o.Pool.Max = max);

    private static Task<Http1UpstreamConnection> NextConnectionAsync(Http1Upstream upstream, EndpointUnderTest test, out Task<Core.Calls.CallResult> call)
    {
        call = test.GetAsync("/2");
        return upstream.ConnectionAsync();
    }

    private static async Task AnswerAsync(Http1UpstreamConnection connection, Task<Core.Calls.CallResult> call, string target)
    {
        var request = await connection.RequestAsync();
        Assert.Equal($"GET {target} HTTP/1.1", request.Line);
        await request.AnswerAsync(target);
        Assert.Equal(target.Length, (await call.Answered()).Body.Length);
    }
}
