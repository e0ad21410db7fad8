using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Hedging;
using OrleansPool.Core.Calls.JsonRpc;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Calls.Hedging;

/// <summary>Which calls an operator means by what is written under Hedging:Methods.</summary>
public class IdempotentCallsTests
{
    [Theory]
    [InlineData("/s/Get", "/s/Get", true)]
    [InlineData("/s/Get", "/s/Get?x=1", true)]
    [InlineData("/s/Get", "/s/GetMore", false)]
    [InlineData("/s/Get", "/S/get", false)]
    [InlineData("/s/*", "/s/GetMore", true)]
    [InlineData("/s/*", "/sx/Get", false)]
    [InlineData("/s/Get*", "/s/GetMore?x", true)]
    [InlineData("/*", "/anything", true)]
    public void Path_MeansItself_OrAllThatBeginSo(string entry, string target, bool expected) =>
        Assert.Equal(expected, Contains(new GrpcSemantics(), entry, "POST", target));

    [Theory]
    [InlineData("/x", "GET", true)]
    [InlineData("/x", "HEAD", true)]
    [InlineData("/x", "POST", false)]
    [InlineData("/x", "DELETE", false)]
    [InlineData("POST /x", "POST", true)]
    [InlineData("POST /x", "GET", false)]
    public void Path_WithHttp_MeansGetAndHead_UnlessItNamesTheMethod(string entry, string method, bool expected) =>
        Assert.Equal(expected, Contains(new HttpSemantics(), entry, method, "/x"));

    [Theory]
    [InlineData(JsonRpcMethods.Call, true)]
    [InlineData(JsonRpcMethods.Notify, false)]
    public void Path_WithJsonRpc_MeansCalls_NotNotifications(string method, bool expected) =>
        Assert.Equal(expected, Contains(new JsonRpcSemantics(new()), "/sum", method, "/sum"));

    [Theory]
    [InlineData("s/Get")]
    [InlineData("")]
    [InlineData("get /x")]
    [InlineData(" /x")]
    [InlineData("/a*b")]
    [InlineData("/a?b=1")]
    [InlineData("GET  /x")]
    public void Entry_ThatNamesNoCalls_IsNotRead(string text) => Assert.False(IdempotentCalls.TryParse(text, out _));

    private static bool Contains(CallSemantics semantics, string entry, string method, string target) =>
        new IdempotentCalls(new HedgingOptions { Methods = [entry] }, semantics).Contains(new CallRequest { Method = method, Target = target, Headers = new HeaderBlock() });
}
