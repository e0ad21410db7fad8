using System.Text;
using System.Text.Json;
using OrleansPool.Core.Calls.JsonRpc;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Calls.JsonRpc;

public class JsonRpcErrorsTests
{
    [Fact]
    public void Code_OfEachFailure_IsItsOwn_AndWithinTheRangeForServers()
    {
        var codes = Enum.GetValues<FailureCode>().Where(code => code != FailureCode.RequestInvalid).Select(JsonRpcErrors.CodeOf).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.InRange(code, -32099, -32001));
        Assert.Equal(-32600, JsonRpcErrors.CodeOf(FailureCode.RequestInvalid));
    }

    [Theory]
    [InlineData("1.50")]
    [InlineData("\"a\\u0062\"")]
    [InlineData("null")]
    public void Failure_IsToldUnderTheCallersId_WithStageAndWait(string id)
    {
        var failure = new CallFailure(FailureCode.WaitTooLong, "Too long.") { RetryAfter = TimeSpan.FromSeconds(1.5) };
        var bytes = JsonRpcErrors.Of(failure, Encoding.UTF8.GetBytes(id));
        Assert.Null(MessageScanner.Scan(bytes.Span, 8, out var message));
        Assert.Equal((MessageKind.Response, -32025, id), (message.Kind, message.ErrorCode, Encoding.UTF8.GetString(message.Id.Of(bytes.Span))));
        using var json = JsonDocument.Parse(bytes);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal("WaitTooLong: Too long.", error.GetProperty("message").GetString());
        Assert.StartsWith(
            """{"orleanspool-error":"WaitTooLong","orleanspool-stage":"Admit","orleanspool-party":"Pool","retryable":true,"retryAfterMs":1500,"advice":""",
            error.GetProperty("data").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, """{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error","data":{"detail":"So."}},"id":null}""")]
    [InlineData(true, """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":{"detail":"So."}},"id":null}""")]
    public void Fault_IsToldInTheWordsOfTheSpecification(bool isJson, string text) =>
        Assert.Equal(text, Encoding.UTF8.GetString(JsonRpcErrors.Of(new MessageFault(isJson, "So.")).Span));
}
