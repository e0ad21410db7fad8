using System.Text;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Transports.JsonRpc;

public class BatchTests
{
    [Theory]
    [InlineData("[1,2,3]", "1|2|3")]
    [InlineData(" [ {\"a\":[1,{}]} ,\n\"x,]\" ] ", "{\"a\":[1,{}]}|\"x,]\"")]
    [InlineData("[[1],[]]", "[1]|[]")]
    public void Batch_IsTakenApart_InOrder(string text, string messages)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(Batch.IsBatch(bytes));
        Assert.Null(Batch.Split(bytes, 8, 10, out var found));
        Assert.Equal(messages, string.Join('|', found.Select(slice => Encoding.UTF8.GetString(slice.Of(bytes)))));
    }

    [Theory]
    [InlineData("[", false)]
    [InlineData("""[{"jsonrpc":"2.0","method":"sum","params":[1,2,4],"id":"1"},{"jsonrpc":"2.0","method"]""", false)]
    [InlineData("[1] 2", false)]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]", false)]
    [InlineData("[]", true)]
    [InlineData("[1,2,3,4,5,6,7,8,9,10,11]", true)]
    public void Batch_ThatIsNone_IsToldWhy(string text, bool isJson) => Assert.Equal(isJson, Batch.Split(Encoding.UTF8.GetBytes(text), 8, 10, out _)?.IsJson);

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData(" {}")]
    [InlineData("1")]
    public void Text_ThatDoesNotBeginLikeABatch_IsNone(string text) => Assert.False(Batch.IsBatch(Encoding.UTF8.GetBytes(text)));
}
