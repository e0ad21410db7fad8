using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>The options of a TCP endpoint: what each framing needs, and what means nothing where.</summary>
public class TcpRulesTests
{
    private const string Names = "length-prefix, delimiter, fixed, content-length";

    [Theory]
    [InlineData("Tcp:MaxFrameBytes=0", "Tcp:MaxFrameBytes = 0: allowed are 1 to 1073741824 bytes")]
    [InlineData("Tcp:MaxFrameBytes=1073741825", "Tcp:MaxFrameBytes = 1073741825: allowed are 1 to 1073741824 bytes")]
    [InlineData("Tcp:Mode=framed", "Tcp:Framing = (nothing): Mode = framed needs one of " + Names)]
    [InlineData("Tcp:Framing=lines", "Tcp:Framing = \"lines\": one of " + Names + " is expected")]
    [InlineData("Tcp:Framing=length-prefix Tcp:LengthBytes=3", "Tcp:LengthBytes = 3: allowed are 1, 2, 4 and 8")]
    [InlineData("Tcp:Framing=length-prefix Tcp:LengthOffset=65", "Tcp:LengthOffset = 65: allowed are 0 to 64 bytes")]
    [InlineData("Tcp:Framing=content-length Tcp:LengthIncludesHeader=true", "Tcp:Framing = \"content-length\": the options of a length need length-prefix")]
    [InlineData("Tcp:LengthEndianness=little", "Tcp:Framing = (nothing): the options of a length need length-prefix")]
    [InlineData("Tcp:Framing=delimiter", "Tcp:Framing = \"delimiter\": Delimiter is set with delimiter, and with nothing else")]
    [InlineData("Tcp:Framing=fixed Tcp:FrameBytes=4 Tcp:Delimiter=x", "Tcp:Framing = \"fixed\": Delimiter is set with delimiter, and with nothing else")]
    [InlineData("Tcp:Framing=delimiter Tcp:Delimiter=12345678901234567", "Tcp:Delimiter = \"12345678901234567\": 1 to 16 bytes are expected: ASCII, and \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData("Tcp:Framing=delimiter Tcp:Delimiter=\\q", "Tcp:Delimiter = \"\\q\": 1 to 16 bytes are expected: ASCII, and \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData("Tcp:Framing=fixed", "Tcp:Framing = \"fixed\": FrameBytes is set with fixed, and with nothing else")]
    [InlineData("Tcp:Framing=fixed Tcp:FrameBytes=11 Tcp:MaxFrameBytes=10", "Tcp:FrameBytes = 11: allowed are 1 to 10 bytes (Tcp:MaxFrameBytes = 10)")]
    [InlineData("Tcp:HalfCloseTimeout=00:00:00.0990000", "Tcp:HalfCloseTimeout = 00:00:00.0990000: allowed are 00:00:00.1000000 to 01:00:00")]
    [InlineData("Tcp:Reset:Timeout=00:01:00.0010000", "Tcp:Reset:Timeout = 00:01:00.0010000: allowed are 00:00:00.0100000 to 00:01:00")]
    [InlineData("Tcp:Reset:Send=a Tcp:Reset:Expect=b", "Tcp:Framing = (nothing): Reset needs a framing, to know that a session ends between requests and which reply is the reset's")]
    [InlineData("Tcp:Framing=fixed Tcp:FrameBytes=2 Tcp:Reset:Send=ab", "Tcp:Reset:Expect = (nothing): one whole frame of Tcp:Framing is expected, Send and Expect together: ASCII, and \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData("Tcp:Framing=fixed Tcp:FrameBytes=2 Tcp:Reset:Send=abc Tcp:Reset:Expect=ab", "Tcp:Reset:Send = \"abc\": one whole frame of Tcp:Framing is expected, Send and Expect together: ASCII, and \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData("Listen=localhost:80", "Listen = \"localhost:80\": ip:port is expected, 127.0.0.1:6379 for this machine only")]
    [InlineData("Listen=127.0.0.1", "Listen = \"127.0.0.1\": ip:port is expected, 127.0.0.1:6379 for this machine only")]
    [InlineData("Authority=billing", "Authority = \"billing\": it means nothing with Protocol = tcp; remove it")]
    [InlineData("Limits:MaxRequestMessageBytes=5", "Limits:MaxRequestMessageBytes = 5: it means nothing with Protocol = tcp; set Tcp:MaxFrameBytes")]
    [InlineData("Limits:MaxResponseMessageBytes=5", "Limits:MaxResponseMessageBytes = 5: it means nothing with Protocol = tcp; set Tcp:MaxFrameBytes")]
    [InlineData("Pool:CallsPerChannel=2", "Pool:CallsPerChannel = 2: TCP carries one call on a channel, unless Tcp:Pipelining is set; only 1 is allowed")]
    [InlineData("Tcp:Pipelining=true Tcp:Mode=framed Tcp:Framing=content-length Hedging:Methods:0=/", "Tcp:Pipelining = True: with Hedging each attempt that loses would take along the calls behind it on its connection; choose one of the two")]
    [InlineData("Tcp:Pipelining=true Tcp:Framing=content-length", "Tcp:Pipelining = True: it needs Mode = framed: a session has its connection for itself")]
    public void Mistake_IsToldWithWhatIsAllowed(string settings, string mistake) =>
        Assert.Equal([$"{Configured.Billing}:{mistake}."], Configured.MistakesOfBilling([.. settings.Split(' '), "Protocol=tcp"]));

    [Theory]
    [InlineData("Listen=127.0.0.1:80", "Listen = \"127.0.0.1:80\": only an endpoint with Protocol = tcp or jsonrpc has a port of its own; HTTP and gRPC come in at Gateway:Listen")]
    [InlineData("Tcp:Mode=framed", "Tcp = \"(set)\": these options mean something with Protocol = tcp only")]
    [InlineData("Tcp:Framing=content-length", "Tcp = \"(set)\": these options mean something with Protocol = tcp only")]
    [InlineData("Tcp:Pipelining=true", "Tcp = \"(set)\": these options mean something with Protocol = tcp only")]
    [InlineData("Tcp:MaxFrameBytes=1", "Tcp = \"(set)\": these options mean something with Protocol = tcp only")]
    public void TcpOption_OfAnotherProtocol_IsTold(string setting, string mistake) =>
        Assert.Equal([$"{Configured.Billing}:{mistake}."], Configured.MistakesOfBilling(setting, "Protocol=http1"));

    [Fact]
    public void Options_AreTakenAsWritten()
    {
        var options = Configured.ReadBilling(
            "Protocol=tcp", "Listen=0.0.0.0:6379", "Tcp:Mode=framed", "Tcp:Framing=Length-Prefix", "Tcp:LengthBytes=2", "Tcp:LengthOffset=3", "Tcp:LengthEndianness=little", "Tcp:LengthIncludesHeader=true");
        Assert.Equal(("0.0.0.0:6379", TcpMode.Framed), (options.Listen, options.Tcp.Mode));
        var scanner = new Framings([]).Create(options.Tcp)!.Replies();
        Assert.Equal((5, 1024 * 1024), (scanner.HeaderLength, scanner.MaxBytes));
        Assert.True(scanner.Scan([9, 9, 9, 6, 0, 1]) is { Count: 6, IsEnd: true });
    }

    [Fact]
    public void Framing_OfOnesOwn_IsKnownByItsName()
    {
        var services = new ServiceCollection().AddOrleansPoolFraming("mine", new FixedFraming(3));
        var settings = new Dictionary<string, string?> { ["Protocol"] = "tcp", ["Addresses:0"] = "a:1", ["Tcp:Framing"] = "MINE" }.Select(s => KeyValuePair.Create($"{Configured.Billing}:{s.Key}", s.Value));
        services.AddOrleansPool(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        using var provider = services.AddLogging().BuildServiceProvider();
        var endpoint = Assert.Single(provider.GetRequiredService<EndpointDirectory>().All);
        Assert.True(endpoint.Framing!.Requests().Scan([1, 2, 3, 4]) is { Count: 3, IsEnd: true });
    }

    [Theory]
    [InlineData("")]
    [InlineData("Fixed")]
    [InlineData("twice")]
    public void Framing_WithoutANameOfItsOwn_IsRefused(string name)
    {
        var services = new ServiceCollection().AddOrleansPoolFraming("twice", new FixedFraming(3));
        Assert.Throws<ArgumentException>(() => services.AddOrleansPoolFraming(name, new FixedFraming(3)));
    }

    [Theory]
    [InlineData("session", "fixed")]
    [InlineData("framed", "adaptive")]
    public void Law_OfSessions_IsFixed(string mode, string law) =>
        Assert.Equal(law, Configured.ReadBilling("Protocol=tcp", $"Tcp:Mode={mode}", "Tcp:Framing=content-length").LawName);

    [Theory]
    [InlineData("a\\r\\n\\0\\t\\\\\\x1eZ", "61 0D 0A 00 09 5C 1E 5A")]
    [InlineData("\r\n", "0D 0A")]
    public void EscapedBytes_AreRead(string text, string bytes)
    {
        Assert.True(EscapedBytes.TryParse(text, out var read));
        Assert.Equal(bytes, string.Join(' ', read.Select(b => $"{b:X2}")));
    }

    [Theory]
    [InlineData("\\")]
    [InlineData("\\q")]
    [InlineData("\\x1")]
    [InlineData("\\xgg")]
    [InlineData("\u00e9")]
    public void EscapedBytes_ThatCannotBeRead_AreNot(string text) => Assert.False(EscapedBytes.TryParse(text, out _));
}
