using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>A request that no upstream could be asked is refused before it takes a permit.</summary>
public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("OPTIONS", "*", "*")]
    [InlineData("GET", "", "target")]
    [InlineData("GET", "relative", "relative")]
    [InlineData("GET", "@elsewhere/", "@elsewhere/")]
    [InlineData("GET", ":81/", ":81/")]
    [InlineData("GET", "http://elsewhere/", "http://elsewhere/")]
    [InlineData("CONNECT", "elsewhere:443", "CONNECT")]
    [InlineData("CONNECT", "/", "CONNECT")]
    [InlineData("", "/", "method")]
    [InlineData("GE T", "/", "GE T")]
    [InlineData("GET\r\nX: y", "/", "X: y")]
    public async Task Call_HeadNoUpstreamCouldBeAsked_IsRefusedAndTakesNothing(string method, string target, string named)
    {
        await using var upstream = Http1Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, Protocol.Http1);

        var failure = await test.SendAsync(new CallRequest { Method = method, Target = target, Headers = new HeaderBlock() }).Failed(FailureCode.RequestInvalid);

        Assert.Contains(named, failure.Detail, StringComparison.Ordinal);
        Assert.Equal((0, 0L), (test.Endpoint.Snapshot().InFlight, test.Endpoint.Snapshot().Totals.Acquired));
    }
}
