using OrleansPool.Core.Calls.JsonRpc;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Calls.JsonRpc;

public class JsonRpcSemanticsTests
{
    private static readonly JsonRpcSemantics _semantics = new(new JsonRpcOptions { PushBackCodes = ["-32005", "429"] });

    [Theory]
    [InlineData("-32005", DropKind.PushBack)]
    [InlineData("429", DropKind.PushBack)]
    [InlineData("-32601", DropKind.None)]
    [InlineData(null, DropKind.None)]
    public void Answer_WithACodeThatIsPushBack_CountsAsDropped(string? code, DropKind kind)
    {
        var headers = new HeaderBlock();
        if (code is not null) headers.Add("jsonrpc-error-code", code);
        Assert.Equal(kind, _semantics.Judge(200, headers, new HeaderBlock(0)));
    }

    [Theory]
    [InlineData("CALL", null)]
    [InlineData("NOTIFY", null)]
    [InlineData("POST", FailureCode.RequestInvalid)]
    [InlineData("EXCHANGE", FailureCode.RequestInvalid)]
    public void Request_OfAnotherProtocol_IsRefused(string method, FailureCode? code)
    {
        var request = new CallRequest { Method = method, Target = "/m", Headers = new HeaderBlock(0) };
        Assert.Equal(code, _semantics.Check(request, out var timeout)?.Code);
        Assert.Null(timeout);
    }
}
