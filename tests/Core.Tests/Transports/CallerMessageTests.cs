using System.Net;
using System.Text;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Messages of callers in this process: what goes as it is, what the upstream sees of it, and that the caller has it back as it was.</summary>
public class CallerMessageTests
{
    private static readonly byte[] _body = [0, 0, 0, 0, 2, .. "hi"u8];

    [Theory]
    [InlineData("x-caller", "b", true)]
    [InlineData("TE", "trailers", true)]
    [InlineData("Host", "shop.pool", true)]
    [InlineData("grpc-timeout", "5S", true)]
    [InlineData("TE", "trailers, deflate", false)]
    [InlineData("Connection", "close", false)]
    [InlineData("Keep-Alive", "timeout=5", false)]
    [InlineData("Expect", "100-continue", false)]
    [InlineData("Transfer-Encoding", "chunked", false)]
    public void Header_ThatEndsAtAConnection_KeepsAMessageFromGoingAsItIs(string name, string value, bool goes)
    {
        using var message = Message();
        message.Headers.TryAddWithoutValidation(name, value);
        Assert.Equal(goes, CallerMessage.TryRead(message, out _));
    }

    [Fact]
    public void Header_OfSeveralLines_KeepsAMessageFromGoingAsItIs()
    {
        using var message = Message();
        message.Headers.TryAddWithoutValidation("x-part-bin", ["AA", "BB"]);
        Assert.False(CallerMessage.TryRead(message, out _));
    }

    [Fact]
    public void Body_ThatIsNotInMemory_KeepsAMessageFromGoingAsItIs()
    {
        using var message = Message();
        message.Content = new StreamContent(new MemoryStream(_body));
        Assert.False(CallerMessage.TryRead(message, out _));
        message.Content = new Derived();
        Assert.False(CallerMessage.TryRead(message, out _));
        message.Content = null;
        Assert.True(CallerMessage.TryRead(message, out _));
    }

    [Fact]
    public void Request_InAnotherForm_HasAllOfTheMessage()
    {
        using var message = Message();
        message.Headers.Host = "shop.pool";
        var request = Request(message);
        Assert.Equal(("POST", "/test.Service/Unary?q=%2f", true), (request.Method, request.Target, request.HasBody));
        Assert.Equal(["a"], request.Headers.All("x-tenant"));
        Assert.Equal(["application/grpc"], request.Headers.All("content-type"));
        Assert.Empty(request.Headers.All("host"));
        Assert.Equal(_body, request.Body.ToArray());
    }

    [Fact]
    public async Task Message_GoesToTheUpstream_AndComesBackAsItWas()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Authority = "billing.internal");
        using var message = Message();
        message.Headers.Host = "shop.pool";
        message.Headers.TryAddWithoutValidation("grpc-timeout", "50S");
        var call = test.SendAsync(Request(message));
        var seen = await (await upstream.ConnectionAsync()).CallAsync();
        Assert.Equal(("billing.internal", "/test.Service/Unary?q=%2f", null, "a"), (seen[":authority"], seen[":path"], seen["host"], seen["x-tenant"]));
        Assert.InRange(long.Parse(seen["grpc-timeout"]![..^1]), 1, 50_000_000);
        Assert.EndsWith("u", seen["grpc-timeout"], StringComparison.Ordinal);
        Assert.Equal(_body, await seen.BodyAsync());
        await seen.AnswerGrpcAsync("yes"u8.ToArray());

        var response = await call.Begun();
        Assert.Same(message, response.Message!.RequestMessage);
        AssertUnchanged(message);
        var answered = await Task.FromResult(new CallResult(response)).Answered();
        Assert.Equal("yes"u8, answered.Body.AsSpan(5));
        Assert.Equal(["0"], response.Message.TrailingHeaders.GetValues("grpc-status"));
        Assert.Equal(["0"], response.Trailers.All("grpc-status"));
        Assert.Equal(0, test.Endpoint.Snapshot().InFlight);
    }

    [Fact]
    public async Task Message_WhoseContentHasWritten_GoesWithThat_AsOftenAsNeeded_AndKeepsItsContent()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var message = Message();
        var spent = new Spent { Headers = { { "content-type", "application/grpc+proto" }, { "x-of-the-body", "b" } } };
        message.Content = spent;
        var call = test.SendAsync(Request(message, _body));
        var connection = await upstream.ConnectionAsync();
        var refused = await connection.CallAsync();
        Assert.Equal(("application/grpc+proto", "b", null), (refused["content-type"], refused["x-of-the-body"], refused["content-length"]));
        Assert.Equal(_body, await refused.BodyAsync());
        await refused.ResetAsync(0x7);
        var repeated = await connection.CallAsync();
        Assert.Equal(_body, await repeated.BodyAsync());
        await repeated.AnswerGrpcAsync([1]);
        await call.Answered();
        Assert.Same(spent, message.Content);
    }

    [Fact]
    public async Task Message_WhoseCallFails_ComesBackAsItWas()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var message = Message();
        message.Headers.Host = "shop.pool";
        message.Headers.TryAddWithoutValidation("grpc-timeout", "50S");
        var call = test.SendAsync(Request(message));
        await (await (await upstream.ConnectionAsync()).CallAsync()).ResetAsync(0x2);
        await call.Failed(FailureCode.UpstreamReset);
        AssertUnchanged(message);
    }

    [Fact]
    public async Task Message_ThatWasRefused_IsRepeatedByThePoolOnce_AndNotByTheHandler()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var message = Message();
        var call = test.SendAsync(Request(message));
        var connection = await upstream.ConnectionAsync();
        await (await connection.CallAsync()).ResetAsync(0x7);
        var repeated = await connection.CallAsync();
        Assert.Equal(_body, await repeated.BodyAsync());
        await repeated.AnswerGrpcAsync([1]);
        await call.Answered();
        Assert.Equal((2, 1), (connection.Requests, test.Endpoint.Calls.Retried));
    }

    [Fact]
    public async Task Message_OnAConnectionThatGoesAway_IsRepeatedOnAnother()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Pool.Max = 2);
        using var message = Message();
        var call = test.SendAsync(Request(message));
        var old = await upstream.ConnectionAsync();
        await old.CallAsync();
        await old.GoAwayAsync(lastStream: 0);
        var repeated = await (await upstream.ConnectionAsync()).CallAsync();
        Assert.Equal(_body, await repeated.BodyAsync());
        await repeated.AnswerGrpcAsync([1]);
        await call.Answered();
    }

    [Fact]
    public async Task Message_WithTooManyHeaders_IsRefusedHere()
    {
        await using var upstream = Http2Upstream.Start(u => u.MaxHeaderListSize = 500);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var message = Message();
        message.Headers.TryAddWithoutValidation("x-long", new string('x', 500));
        await test.SendAsync(Request(message)).Failed(FailureCode.HeadersTooLarge);
        Assert.Equal(0, (await upstream.ConnectionAsync()).Requests);
    }

    [Fact]
    public async Task Message_LargerThanAllowed_IsRefusedHere()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Limits.MaxRequestMessageBytes = 1);
        using var message = Message();
        await test.SendAsync(Request(message)).Failed(FailureCode.RequestTooLarge);
        message.Content = new Spent { Headers = { { "content-type", "application/grpc" } } };
        await test.SendAsync(Request(message, _body)).Failed(FailureCode.RequestTooLarge);
    }

    private static HttpRequestMessage Message() => new(HttpMethod.Post, "http://shop.pool/test.Service/Unary?q=%2f")
    {
        Content = new ByteArrayContent(_body) { Headers = { { "content-type", "application/grpc" } } },
        Headers = { { "x-tenant", "a" } },
    };

    private static CallRequest Request(HttpRequestMessage message)
    {
        Assert.True(CallerMessage.TryRead(message, out var read));
        return new CallRequest(read);
    }

    private static CallRequest Request(HttpRequestMessage message, byte[] written)
    {
        Assert.True(CallerMessage.TryRead(message, written, out var read));
        return new CallRequest(read);
    }

    private static void AssertUnchanged(HttpRequestMessage message)
    {
        Assert.Equal(("http://shop.pool/test.Service/Unary?q=%2f", HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower), (message.RequestUri!.OriginalString, message.Version, message.VersionPolicy));
        Assert.Equal(("shop.pool", "50S"), (message.Headers.Host, Assert.Single(message.Headers.GetValues("grpc-timeout"))));
    }

    // Has written, and cannot do so again.
    private sealed class Spent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new InvalidOperationException("It was asked again.");

        protected override bool TryComputeLength(out long length) => throw new InvalidOperationException("It was asked again.");
    }

    private sealed class Derived() : StringContent("hi", Encoding.ASCII);
}
