using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Transports.JsonRpc;

public class JsonRpcChannelTests
{
    [Fact]
    public async Task Call_GoesOutUnderAnIdOfTheChannel_AndComesBackUnderItsOwn()
    {
        using var test = new ChannelUnderTest();
        var call = test.CallAsync("""{"jsonrpc":"2.0", "method":"subtract", "params":[42, 23], "id":"a\u0062" }""");
        Assert.Equal("""{"jsonrpc":"2.0", "method":"subtract", "params":[42, 23], "id":1 }""", await test.ReceivedAsync());
        test.Send("""{ "id":1, "jsonrpc":"2.0", "result":19 }""");
        Assert.Equal("""{ "id":"a\u0062", "jsonrpc":"2.0", "result":19 }""", await call.Answered());
    }

    [Fact]
    public async Task Calls_WithTheSameId_AreKeptApart()
    {
        using var test = new ChannelUnderTest();
        var first = test.CallAsync("""{"jsonrpc":"2.0","method":"a","id":7}""");
        var second = test.CallAsync("""{"jsonrpc":"2.0","method":"b","id":7}""");
        Assert.Equal("""{"jsonrpc":"2.0","method":"a","id":1}""", await test.ReceivedAsync());
        Assert.Equal("""{"jsonrpc":"2.0","method":"b","id":2}""", await test.ReceivedAsync());
        test.Send("""{"jsonrpc":"2.0","result":"b","id":2}""");
        Assert.Equal("""{"jsonrpc":"2.0","result":"b","id":7}""", await second.Answered());
        test.Send("""{"jsonrpc":"2.0","result":"a","id":1}""");
        Assert.Equal("""{"jsonrpc":"2.0","result":"a","id":7}""", await first.Answered());
    }

    [Fact]
    public async Task Error_ComesBackVerbatim_AndItsCodeInAHeader()
    {
        using var test = new ChannelUnderTest();
        var call = test.CallAsync("""{"jsonrpc":"2.0","method":"foobar","id":"1"}""");
        await test.ReceivedAsync();
        test.Send("""{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found","data":{"id":9}},"id":1}""");
        Assert.Equal("""{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found","data":{"id":9}},"id":"1"}""", await call.Answered());
        Assert.True((await call).Response!.Headers.TryGet("jsonrpc-error-code", out var code));
        Assert.Equal("-32601", code);
    }

    [Fact]
    public async Task Notification_GoesOutAsItIs_AndIsAnsweredByNothing()
    {
        using var test = new ChannelUnderTest();
        Assert.Equal("", await test.NotifyAsync("""{"jsonrpc":"2.0","method":"update","params":[1]}""").Answered());
        Assert.Equal("""{"jsonrpc":"2.0","method":"update","params":[1]}""", await test.ReceivedAsync());
    }

    [Theory]
    [InlineData("$/cancelRequest")]
    [InlineData("\\u0024/cancelRequest")]
    public async Task Cancel_WouldNameAnotherCallersCall_AndIsNotSent(string method)
    {
        using var test = new ChannelUnderTest();
        Assert.Equal("", await test.NotifyAsync($$$"""{"jsonrpc":"2.0","method":"{{{method}}}","params":{"id":1}}""").Answered());
        Assert.Equal(1, test.Totals.Cancels);
        await AssertNextAsync(test);
    }

    [Fact]
    public async Task Message_OfSeveralLines_GoesOutInOneLine()
    {
        using var test = new ChannelUnderTest(new JsonRpcOptions { Framing = JsonRpcFramings.Newline });
        _ = test.CallAsync("{\"jsonrpc\":\"2.0\",\n\"id\":5,\n\"method\":\"a\"}");
        Assert.Equal("""{"jsonrpc":"2.0", "id":1, "method":"a"}""", await test.ReceivedAsync());
    }

    [Theory]
    [InlineData("CALL", """{"jsonrpc":"2.0","method":"a"}""")]
    [InlineData("NOTIFY", """{"jsonrpc":"2.0","method":"a","id":1}""")]
    [InlineData("CALL", """{"jsonrpc":"2.0","result":1,"id":1}""")]
    [InlineData("CALL", """[{"jsonrpc":"2.0","method":"a","id":1}]""")]
    [InlineData("CALL", """{"jsonrpc":"2.0","method":"a","id":1}{}""")]
    [InlineData("CALL", "")]
    public async Task Body_ThatIsNotTheOneMessageOfItsMethod_IsRefusedUnsent(string method, string body)
    {
        using var test = new ChannelUnderTest();
        var call = method == "CALL" ? test.CallAsync(body) : test.NotifyAsync(body);
        Assert.Equal(FailureCode.RequestInvalid, (await call.InTime("a refusal")).Failure?.Code);
        await AssertNextAsync(test);
    }

    [Fact]
    public async Task Request_OverTheCap_IsRefusedUnsent()
    {
        using var test = new ChannelUnderTest(new JsonRpcOptions { MaxMessageBytes = 100 });
        var call = test.CallAsync($$"""{"jsonrpc":"2.0","method":"{{new string('a', 100)}}","id":1}""");
        Assert.Equal(FailureCode.RequestTooLarge, (await call.InTime("a refusal")).Failure?.Code);
        await AssertNextAsync(test);
    }

    [Fact]
    public async Task Body_ThatIsStillArriving_GoesOutWhenItIsHere()
    {
        using var test = new ChannelUnderTest();
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        await body.Writer.WriteAsync("{\"jsonrpc\":\"2.0\",\"met"u8.ToArray());
        await AssertNextAsync(test);
        await body.Writer.WriteAsync("hod\":\"a\",\"id\":\"mine\"}"u8.ToArray());
        await body.Writer.CompleteAsync();
        Assert.Equal("""{"jsonrpc":"2.0","method":"a","id":2}""", await test.ReceivedAsync());
        test.Send("""{"id":2,"result":0}""");
        Assert.Equal("""{"id":"mine","result":0}""", await call.Answered());
    }

    [Fact]
    public async Task Body_ThatGrowsOverTheCap_IsRefused_BeforeItsEnd()
    {
        using var test = new ChannelUnderTest(new JsonRpcOptions { MaxMessageBytes = 100 });
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        await body.Writer.WriteAsync(new byte[60]);
        await body.Writer.WriteAsync(new byte[60]);
        Assert.Equal(FailureCode.RequestTooLarge, (await call.InTime("a refusal")).Failure?.Code);
    }

    [Fact]
    public async Task Body_ThatEndsInAnError_IsTheCallersFault()
    {
        using var test = new ChannelUnderTest();
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        await body.Writer.CompleteAsync(new IOException("gone"));
        Assert.Equal(FailureCode.CallerAborted, (await call.InTime("a refusal")).Failure?.Code);
        await AssertNextAsync(test);
    }

    [Fact]
    public async Task CancelledCall_Throws_AndItsLateAnswerIsCountedAndDropped()
    {
        using var test = new ChannelUnderTest();
        using var caller = new CancellationTokenSource();
        var call = test.CallAsync("""{"jsonrpc":"2.0","method":"a","id":1}""", caller.Token);
        await test.ReceivedAsync();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        test.Send("""{"jsonrpc":"2.0","result":1,"id":1}""");
        await AssertNextAsync(test, id: 2);
        Assert.Equal((1, 0), (test.Totals.LateReplies, test.Totals.UnknownReplies));
    }

    [Theory]
    [InlineData("99")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"1\"")]
    [InlineData("1.0")]
    [InlineData("null")]
    [InlineData("99999999999999999999999")]
    public async Task Answer_UnderAnIdThatWasNeverGiven_IsDroppedWithACounter(string id)
    {
        using var test = new ChannelUnderTest();
        test.Send($$"""{"jsonrpc":"2.0","result":1,"id":{{id}}}""");
        await AssertNextAsync(test);
        Assert.Equal((0, 1), (test.Totals.LateReplies, test.Totals.UnknownReplies));
    }

    [Fact]
    public async Task UnknownAnswers_AreLoggedOnceAMinute()
    {
        using var test = new ChannelUnderTest();
        await SendUnknownAsync(test, 3);
        Assert.StartsWith("801 test: an answer had an id that was never given out", Assert.Single(test.Log.Lines), StringComparison.Ordinal);
        test.Time.Advance(TimeSpan.FromSeconds(59));
        await SendUnknownAsync(test, 4);
        Assert.Single(test.Log.Lines);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await SendUnknownAsync(test, 5);
        Assert.Contains("5 so far", test.Log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upstream_ThatNotifiesAndAsks_IsCountedAndRefused()
    {
        using var test = new ChannelUnderTest();
        test.Send("""{"jsonrpc":"2.0","method":"log","params":["x"]}""");
        test.Send("""{"jsonrpc":"2.0","method":"workspace/configuration","id":"q-1"}""");
        Assert.StartsWith("""{"jsonrpc":"2.0","id":"q-1","error":{"code":-32601,""", await test.ReceivedAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (test.Totals.Notifications, test.Totals.Requests));
        await AssertNextAsync(test);
    }

    [Fact]
    public async Task Upstream_ThatAnswersInABatch_AnswersEachCall()
    {
        using var test = new ChannelUnderTest();
        var calls = new[] { "\"x\"", "2.5" }.Select(id => test.CallAsync($$"""{"jsonrpc":"2.0","method":"a","id":{{id}}}""")).ToList();
        test.Send("""[{"id":2,"result":"two"},{"jsonrpc":"2.0","method":"log"},{"id":1,"result":"one"}]""");
        Assert.Equal("""{"id":"x","result":"one"}""", await calls[0].Answered());
        Assert.Equal("""{"id":2.5,"result":"two"}""", await calls[1].Answered());
    }

    [Theory]
    [InlineData("garbage\n")]
    [InlineData("{\"id\":1,\"id\":2,\"result\":1}\n")]
    [InlineData("[]\n")]
    [InlineData("{\"id\":1,\"result\":[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]}\n")]
    [InlineData("{\"id\":1,\"result\":\"01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"}\n")]
    public async Task Garbage_ClosesTheChannel_AndFailsItsCallsAsThat(string garbage)
    {
        using var test = new ChannelUnderTest(new JsonRpcOptions { MaxDepth = 16, MaxMessageBytes = 128 });
        var events = new ClosedEvents();
        test.Channel.Attach(events);
        var calls = new[] { 1, 2 }.Select(id => test.CallAsync(Call(id))).ToList();
        await test.ReceivedAsync();
        await test.ReceivedAsync();
        test.SendRaw(Encoding.UTF8.GetBytes(garbage));
        foreach (var call in calls) Assert.Equal(FailureCode.UpstreamProtocolError, (await call.InTime("the end")).Failure?.Code);
        await events.Closed.Task.InTime("the channel to close");
        Assert.True(test.Channel.IsClosed);
    }

    [Fact]
    public async Task Message_LargerThanAnnouncedCap_IsNotWaitedFor()
    {
        using var test = new ChannelUnderTest(new JsonRpcOptions { Framing = JsonRpcFramings.ContentLength });
        var call = test.CallAsync(Call(1));
        await test.ReceivedAsync();
        test.SendRaw("Content-Length: 4000000000\r\n\r\n"u8);
        Assert.Equal(FailureCode.UpstreamProtocolError, (await call.InTime("the end")).Failure?.Code);
    }

    [Fact]
    public async Task End_OfTheConnection_FailsTheCallsInFlight_AndRefusesTheNext()
    {
        using var test = new ChannelUnderTest();
        var call = test.CallAsync(Call(1));
        await test.ReceivedAsync();
        test.EndOfReplies();
        Assert.Equal(FailureCode.UpstreamClosed, (await call.InTime("the end")).Failure?.Code);
        Assert.Equal(FailureCode.UpstreamRefused, (await test.CallAsync(Call(2)).InTime("a refusal")).Failure?.Code);
        Assert.Equal(FailureCode.UpstreamRefused, (await test.NotifyAsync("""{"jsonrpc":"2.0","method":"a"}""").InTime("a refusal")).Failure?.Code);
    }

    [Fact]
    public async Task Call_BehindAWriteThatNeverEnded_IsProvablyUnsent()
    {
        using var stuck = new StuckStream();
        using var test = new ChannelUnderTest(output: stuck);
        var first = test.CallAsync(Call(1));
        var second = test.CallAsync(Call(2));
        var third = test.NotifyAsync("""{"jsonrpc":"2.0","method":"a"}""");
        test.EndOfReplies();
        Assert.Equal(FailureCode.UpstreamClosed, (await first.InTime("the end")).Failure?.Code);
        Assert.Equal(FailureCode.UpstreamRefused, (await second.InTime("the end")).Failure?.Code);
        Assert.Equal(FailureCode.UpstreamRefused, (await third.InTime("the end")).Failure?.Code);
        Assert.Equal(1, stuck.Writes);
    }

    private static string Call(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","method":"a","id":{{id}}}""");

    private static async Task SendUnknownAsync(ChannelUnderTest test, int upTo)
    {
        while (test.Totals.UnknownReplies < upTo)
        {
            var before = test.Totals.UnknownReplies;
            test.Send("""{"id":77,"result":1}""");
            await Eventually.HoldsAsync(() => test.Totals.UnknownReplies > before, "an unknown answer to be counted");
        }
    }

    // The channel is sound: what comes next at the upstream is this, and its answer gets through.
    private static async Task AssertNextAsync(ChannelUnderTest test, int id = 1)
    {
        var call = test.CallAsync("""{"jsonrpc":"2.0","method":"next","id":"n"}""");
        Assert.Equal($$"""{"jsonrpc":"2.0","method":"next","id":{{id}}}""", await test.ReceivedAsync());
        test.Send($$"""{"jsonrpc":"2.0","result":true,"id":{{id}}}""");
        Assert.Equal("""{"jsonrpc":"2.0","result":true,"id":"n"}""", await call.Answered());
    }

    private sealed class ClosedEvents : IChannelEvents
    {
        public TaskCompletionSource Closed { get; } = new();

        public void OnPeerLimitChanged()
        {
        }

        public void OnGoingAway()
        {
        }

        public void OnClosed() => Closed.SetResult();
    }

    /// <summary>Takes a first write and never ends it.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _never = new();

        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return new(_never.Task);
        }
    }
}
