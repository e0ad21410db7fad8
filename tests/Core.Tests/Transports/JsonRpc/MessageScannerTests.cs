using System.Text;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Transports.JsonRpc;

public class MessageScannerTests
{
    private const int MaxDepth = 8;

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","params":[42,23],"id":1}""", "1")]
    [InlineData("""{"id":"1","method":"subtract","jsonrpc":"2.0"}""", "\"1\"")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id":null}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id":-0.50}""", "-0.50")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id":1e400}""", "1e400")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id":123456789012345678901234567890}""", "123456789012345678901234567890")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id" : "a\"\u00e9\\" }""", """
        "a\"\u00e9\\"
        """)]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id":"","params":{"id":7,"method":"x"}}""", "\"\"")]
    [InlineData(" \r\n{\"jsonrpc\":\"2.0\",\"method\":\"subtract\",\"id\":1}\n ", "1")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","\u0069d":3}""", "3")]
    [InlineData("""{"jsonrpc":"2.0","method":"subtract","id":1,"params":null,"meta":[{"id":2}]}""", "1")]
    public void Request_OfAnyShape_GivesItsIdAsWritten(string text, string id)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Null(MessageScanner.Scan(bytes, MaxDepth, out var message));
        Assert.Equal(MessageKind.Request, message.Kind);
        Assert.Equal(id, Encoding.UTF8.GetString(message.Id.Of(bytes)));
        Assert.Equal("/subtract", message.TargetIn(bytes));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"update","params":[1,2,3]}""", "/update")]
    [InlineData("""{"jsonrpc":"2.0","method":"text\u0044ocument\/open"}""", "/textDocument/open")]
    [InlineData("""{"jsonrpc":"2.0","method":"größe"}""", "/größe")]
    [InlineData("""{"jsonrpc":"2.0","method":""}""", "/")]
    public void Notification_HasNoId_AndItsMethodIsRead(string text, string target)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Null(MessageScanner.Scan(bytes, MaxDepth, out var message));
        Assert.Equal(MessageKind.Notification, message.Kind);
        Assert.True(message.Id.IsEmpty);
        Assert.Equal(target, message.TargetIn(bytes));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","result":{"error":{"code":5}},"id":12}""", "12", null)]
    [InlineData("""{"id":12,"error":{"data":{"code":1},"code":-32601,"message":"?"}}""", "12", -32601)]
    [InlineData("""{"id":12,"error":{"code":"x"}}""", "12", null)]
    [InlineData("""{"id":12,"error":{"code":1.5}}""", "12", null)]
    [InlineData("""{"id":null,"error":{"code":-32700}}""", "null", -32700)]
    [InlineData("""{"result":null,"error":null,"id":"a"}""", "\"a\"", null)]
    public void Response_GivesIdAndErrorCode(string text, string id, int? code)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Null(MessageScanner.Scan(bytes, MaxDepth, out var message));
        Assert.Equal(MessageKind.Response, message.Kind);
        Assert.Equal(id, Encoding.UTF8.GetString(message.Id.Of(bytes)));
        Assert.Equal(code, message.ErrorCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("foobar")]
    [InlineData("""{"jsonrpc":"2.0","method":"foobar,"params":"bar","baz]""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":1}{}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":1""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":01}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":1,}""")]
    [InlineData("""{"method":1,"id":2,"params":[1 2]}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"\ud800","id":1}""")]
    [InlineData("""{"\ud800aaa":1}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","params":[[[[[[[[1]]]]]]]]}""")]
    public void Text_ThatIsNoJson_IsToldSo(string text) => Assert.False(MessageScanner.Scan(Encoding.UTF8.GetBytes(text), MaxDepth, out _)?.IsJson);

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"jsonrpc":"2.0","method":1,"params":"bar"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","params":"bar","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":true}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":[1]}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":1,"id":2}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","id":1,"\u0069d":1}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","method":"b","id":1}""")]
    [InlineData("""{"jsonrpc":"1.0","jsonrpc":"2.0","method":"a","id":1}""")]
    [InlineData("""{"jsonrpc":"1.0","method":"a","id":1}""")]
    [InlineData("""{"jsonrpc":2.0,"method":"a","id":1}""")]
    [InlineData("""{"method":"a","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"a","result":1,"id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","result":1}""")]
    public void Json_ThatIsNoMessage_IsToldSo(string text) => Assert.True(MessageScanner.Scan(Encoding.UTF8.GetBytes(text), MaxDepth, out _)?.IsJson);

    [Fact]
    public void Depth_AtTheCap_IsTaken_AndOneMore_IsNamed()
    {
        Assert.Null(MessageScanner.Scan(Nested(MaxDepth - 1), MaxDepth, out _));
        Assert.Contains("more than 8 deep", MessageScanner.Scan(Nested(MaxDepth), MaxDepth, out _)!.Detail, StringComparison.Ordinal);
        Assert.Contains("more than 8 deep", MessageScanner.Scan(Nested(100_000), MaxDepth, out _)!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xc3, 0x28 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xff })]
    public void String_ThatIsNotUtf8_IsNoJson(byte[] bad)
    {
        byte[] bytes = [.. "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":[\""u8, .. bad, .. "\"]}"u8];
        Assert.False(MessageScanner.Scan(bytes, MaxDepth, out _)?.IsJson);
    }

    [Fact]
    public void Method_LongerThanTheCap_IsAFault()
    {
        Assert.Null(MessageScanner.Scan(Calling(new string('a', 1024)), MaxDepth, out _));
        Assert.True(MessageScanner.Scan(Calling(new string('a', 1025)), MaxDepth, out _)?.IsJson);
    }

    [Fact]
    public void Fault_TellsNothingOfTheMessage()
    {
        var fault = MessageScanner.Scan("""{"jsonrpc":"2.0","secret-of-mine":"""u8, MaxDepth, out _);
        Assert.DoesNotContain("secret", fault!.Detail, StringComparison.Ordinal);
        Assert.Contains("line 1", fault.Detail, StringComparison.Ordinal);
    }

    private static byte[] Nested(int arrays) =>
        Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"a","params":{{new string('[', arrays)}}{{new string(']', arrays)}}}""");

    private static byte[] Calling(string method) => Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"{{method}}"}""");
}
