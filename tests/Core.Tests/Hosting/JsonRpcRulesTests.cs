using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Hosting;

public class JsonRpcRulesTests
{
    [Theory]
    [InlineData("JsonRpc:Framing=lines", "JsonRpc:Framing = \"lines\": one of newline, content-length is expected")]
    [InlineData("JsonRpc:MaxMessageBytes=1023", "JsonRpc:MaxMessageBytes = 1023: allowed are 1024 to 268435456 bytes")]
    [InlineData("JsonRpc:MaxDepth=3", "JsonRpc:MaxDepth = 3: allowed are 4 to 512")]
    [InlineData("JsonRpc:MaxBatch=0", "JsonRpc:MaxBatch = 0: allowed are 1 to 100000")]
    [InlineData("JsonRpc:PushBackCodes:0=busy", "JsonRpc:PushBackCodes:0 = \"busy\": the code of an error is expected, a whole number as -32005")]
    [InlineData("JsonRpc:PushBackCodes:0=-032005", "JsonRpc:PushBackCodes:0 = \"-032005\": the code of an error is expected, a whole number as -32005")]
    [InlineData("JsonRpc:Mode=session JsonRpc:PushBackCodes:0=-32005", "JsonRpc:PushBackCodes = \"1 entries\": sessions teach the limit nothing, so these mean something with JsonRpc:Mode = shared only")]
    [InlineData("JsonRpc:Mode=session Pool:CallsPerChannel=2", "Pool:CallsPerChannel = 2: with JsonRpc:Mode = session a caller has its channel for itself; only 1 is allowed")]
    [InlineData("Authority=quotes", "Authority = \"quotes\": it means nothing with Protocol = jsonrpc; remove it")]
    [InlineData("Listen=4000", "Listen = \"4000\": ip:port is expected, 127.0.0.1:6379 for this machine only")]
    [InlineData("Tcp:Mode=framed", "Tcp = \"(set)\": these options mean something with Protocol = tcp only")]
    public void Option_OutOfItsRange_IsTold(string setting, string mistake) =>
        Assert.Equal([$"{Configured.Billing}:{mistake}."], Configured.MistakesOfBilling([.. setting.Split(' '), "Protocol=jsonrpc"]));

    [Theory]
    [InlineData("shared", "adaptive", 1000)]
    [InlineData("session", "fixed", 10)]
    public void LimitOfSessions_IsWhatTheirConnectionsCarry(string mode, string law, int ceiling)
    {
        var options = Configured.ReadBilling("Protocol=jsonrpc", $"JsonRpc:Mode={mode}");
        Assert.Equal((law, ceiling), (options.LawName, options.Bounds.Ceiling));
    }

    [Theory]
    [InlineData("JsonRpc:Framing=content-length")]
    [InlineData("JsonRpc:Mode=session")]
    [InlineData("JsonRpc:MaxBatch=5")]
    [InlineData("JsonRpc:PushBackCodes:0=-32005")]
    public void JsonRpcOption_OfAnotherProtocol_IsTold(string setting) =>
        Assert.Equal([$"{Configured.Billing}:JsonRpc = \"(set)\": these options mean something with Protocol = jsonrpc only."], Configured.MistakesOfBilling(setting));

    [Fact]
    public void PushBackCodes_MoreThanThirtyTwo_AreTold()
    {
        var codes = Enumerable.Range(1, 33).Select(code => $"JsonRpc:PushBackCodes:{code - 1}={-32000 - code}");
        Assert.Equal([$"{Configured.Billing}:JsonRpc:PushBackCodes = \"33 entries\": at most 32 are allowed."], Configured.MistakesOfBilling([.. codes, "Protocol=jsonrpc"]));
    }

    [Fact]
    public void Options_AsWritten_AreTaken()
    {
        var options = Configured.ReadBilling("Protocol=jsonrpc", "Listen=0.0.0.0:4000", "JsonRpc:Framing=Content-Length", "JsonRpc:PushBackCodes:0=-32005", "Pool:Max=3");
        Assert.Equal(("Content-Length", "-32005", 100, 300), (options.JsonRpc.Framing, options.JsonRpc.PushBackCodes[0], options.CallsPerChannel, options.Bounds.Ceiling));
        Assert.Equal("Content-Length: 2\r\n\r\n{}", Written(options.JsonRpc.Framing));
        Assert.Equal("{}\n", Written(new JsonRpcOptions().Framing));
    }

    private static string Written(string framing)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        new WireFormat(framing, 10).Append(bytes, "{}"u8, default, default);
        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
