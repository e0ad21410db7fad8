using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>What headers and trailers mean, protocol by protocol.</summary>
public class SemanticsTests
{
    [Theory]
    [InlineData("0", Verdict.Success)]
    [InlineData("1", Verdict.Success)]
    [InlineData("2", Verdict.Success)]
    [InlineData("3", Verdict.Success)]
    [InlineData("4", Verdict.Dropped)]
    [InlineData("5", Verdict.Success)]
    [InlineData("7", Verdict.Success)]
    [InlineData("8", Verdict.Dropped)]
    [InlineData("12", Verdict.Success)]
    [InlineData("13", Verdict.Success)]
    [InlineData("14", Verdict.Dropped)]
    [InlineData("16", Verdict.Success)]
    [InlineData("99", Verdict.Success)]
    [InlineData("abc", Verdict.Success)]
    [InlineData("", Verdict.Success)]
    [InlineData("-14", Verdict.Success)]
    public void Grpc_StatusInTrailersOrHeaders_DropsWhatIsPushBack(string status, Verdict expected)
    {
        Assert.Equal(expected, Grpc.Judge(200, None, Block(("grpc-status", status))));
        Assert.Equal(expected, Grpc.Judge(200, Block(("grpc-status", status)), None));
    }

    [Theory]
    [InlineData("0", "14", Verdict.Success)]
    [InlineData("14", "0", Verdict.Dropped)]
    public void Grpc_StatusInBoth_TrailersDecide(string trailer, string header, Verdict expected) =>
        Assert.Equal(expected, Grpc.Judge(200, Block(("grpc-status", header)), Block(("grpc-status", trailer))));

    [Theory]
    [InlineData(200, Verdict.Success)]
    [InlineData(404, Verdict.Success)]
    [InlineData(500, Verdict.Success)]
    [InlineData(429, Verdict.Dropped)]
    [InlineData(502, Verdict.Dropped)]
    [InlineData(503, Verdict.Dropped)]
    [InlineData(504, Verdict.Dropped)]
    public void Grpc_NoStatus_IsJudgedByTheHttpStatus(int status, Verdict expected) => Assert.Equal(expected, Grpc.Judge(status, None, None));

    [Theory]
    [InlineData(200, Verdict.Success)]
    [InlineData(204, Verdict.Success)]
    [InlineData(304, Verdict.Success)]
    [InlineData(400, Verdict.Success)]
    [InlineData(429, Verdict.Dropped)]
    [InlineData(500, Verdict.Success)]
    [InlineData(501, Verdict.Success)]
    [InlineData(503, Verdict.Dropped)]
    [InlineData(504, Verdict.Dropped)]
    public void Http_Status_DropsWhatIsPushBack(int status, Verdict expected) =>
        Assert.Equal(expected, Http.Judge(status, Block(("grpc-status", "14")), Block(("grpc-status", "14"))));

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
