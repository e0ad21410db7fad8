using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>What headers and trailers mean, protocol by protocol.</summary>
public class SemanticsTests
{
    [Theory]
    [InlineData("0", DropKind.None)]
    [InlineData("1", DropKind.None)]
    [InlineData("2", DropKind.None)]
    [InlineData("3", DropKind.None)]
    [InlineData("4", DropKind.Timeout)]
    [InlineData("5", DropKind.None)]
    [InlineData("7", DropKind.None)]
    [InlineData("8", DropKind.PushBack)]
    [InlineData("12", DropKind.None)]
    [InlineData("13", DropKind.None)]
    [InlineData("14", DropKind.Failure)]
    [InlineData("16", DropKind.None)]
    [InlineData("99", DropKind.None)]
    [InlineData("abc", DropKind.None)]
    [InlineData("", DropKind.None)]
    [InlineData("-14", DropKind.None)]
    public void Grpc_StatusInTrailersOrHeaders_SaysHowItWasDropped(string status, DropKind expected)
    {
        Assert.Equal(expected, Grpc.Judge(200, None, Block(("grpc-status", status))));
        Assert.Equal(expected, Grpc.Judge(200, Block(("grpc-status", status)), None));
    }

    [Theory]
    [InlineData("0", "14", DropKind.None)]
    [InlineData("14", "0", DropKind.Failure)]
    public void Grpc_StatusInBoth_TrailersDecide(string trailer, string header, DropKind expected) =>
        Assert.Equal(expected, Grpc.Judge(200, Block(("grpc-status", header)), Block(("grpc-status", trailer))));

    [Fact]
    public void Grpc_UnavailableWithAWaitForTheNextAttempt_IsPushBack()
    {
        var told = Block(("grpc-status", "14"), ("grpc-retry-pushback-ms", "100"));
        Assert.Equal(DropKind.PushBack, Grpc.Judge(200, None, told));
        Assert.Equal(DropKind.PushBack, Grpc.Judge(200, told, None));
    }

    [Theory]
    [InlineData(200, DropKind.None)]
    [InlineData(404, DropKind.None)]
    [InlineData(500, DropKind.None)]
    [InlineData(429, DropKind.PushBack)]
    [InlineData(502, DropKind.Failure)]
    [InlineData(503, DropKind.PushBack)]
    [InlineData(504, DropKind.Failure)]
    public void Grpc_NoStatus_IsJudgedByTheHttpStatus(int status, DropKind expected) => Assert.Equal(expected, Grpc.Judge(status, None, None));

    [Theory]
    [InlineData(200, DropKind.None)]
    [InlineData(204, DropKind.None)]
    [InlineData(304, DropKind.None)]
    [InlineData(400, DropKind.None)]
    [InlineData(429, DropKind.PushBack)]
    [InlineData(500, DropKind.None)]
    [InlineData(501, DropKind.None)]
    [InlineData(503, DropKind.PushBack)]
    [InlineData(504, DropKind.Timeout)]
    public void Http_Status_SaysHowItWasDropped(int status, DropKind expected) =>
        Assert.Equal(expected, Http.Judge(status, Block(("grpc-status", "14")), Block(("grpc-status", "14"))));

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Thu, 01 Jan 2026 00:00:09 GMT", 9)]
    [InlineData("Thursday, 01-Jan-26 00:00:09 GMT", 9)]
    [InlineData("Thu Jan  1 00:00:09 2026", 9)]
    [InlineData("Wed, 31 Dec 2025 23:00:00 GMT", 0)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("", null)]
    public void Http_RetryAfter_IsATimeOrADateInAnyOfItsForms(string text, int? seconds)
    {
        var wait = Http.RetryAfter(Block(("retry-after", text)), None, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(seconds, wait?.TotalSeconds);
    }

    [Fact]
    public void Http_AnyRequest_PassesAndHasNoTimeout()
    {
        var request = new CallRequest { Method = "GET", Target = "/", Headers = Block(("grpc-timeout", "nonsense")) };
        Assert.Null(Http.Check(request, out var timeout));
        Assert.Null(timeout);
        Assert.Null(Http.Timeout(TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/grpc-web+proto")]
    public void Grpc_OtherContent_IsRefusedNamingIt(string? contentType)
    {
        var headers = contentType is null ? None : Block(("content-type", contentType));
        var failure = Grpc.Check(new CallRequest { Method = "POST", Target = "/", Headers = headers, HasBody = true }, out _);
        Assert.Equal(FailureCode.ContentTypeUnsupported, failure?.Code);
        Assert.Contains($"\"{contentType}\"", failure!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "x-bin", false)]
    [InlineData(2, "x-bin", false)]
    [InlineData(3, "x-bin", true)]
    [InlineData(3, "X-BIN", true)]
    [InlineData(5, "x-text", false)]
    public void Grpc_BinaryMetadata_MayComeTwiceUnderOneName(int times, string name, bool isRefused)
    {
        var headers = Block([("content-type", "application/grpc"), .. Enumerable.Range(0, times).Select(n => (n == 1 ? name.ToLowerInvariant() : name, $"{n}"))]);
        var failure = Grpc.Check(new CallRequest { Method = "POST", Target = "/", Headers = headers, HasBody = true }, out _);
        Assert.Equal(isRefused ? FailureCode.RequestInvalid : null, failure?.Code);
    }

    [Theory]
    [InlineData(Protocol.Grpc, true)]
    [InlineData(Protocol.Http2, false)]
    [InlineData(Protocol.Http1, false)]
    public void Protocol_DecidesHowMessagesAreMeasured(Protocol protocol, bool isGrpc) => Assert.Equal(isGrpc, CallSemantics.Of(protocol).IsGrpc);

    private static CallSemantics Grpc => CallSemantics.Of(Protocol.Grpc);

    private static CallSemantics Http => CallSemantics.Of(Protocol.Http2);

    private static HeaderBlock None => new();

    private static HeaderBlock Block(params (string Name, string Value)[] headers)
    {
        var block = new HeaderBlock();
        foreach (var (name, value) in headers) block.Add(name, value);
        return block;
    }
}
