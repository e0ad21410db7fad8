using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Which headers end at a connection.</summary>
public class HopByHopHeadersTests
{
    [Theory]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Connection")]
    [InlineData("Proxy-Authenticate")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Authentication-Info")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Upgrade")]
    [InlineData("HTTP2-Settings")]
    [InlineData("Alt-Svc")]
    public void Name_OfAConnection_DoesNotPass_InAnyCase(string name)
    {
        Assert.True(HopByHopHeaders.Contains(name));
        Assert.True(HopByHopHeaders.Contains(name.ToLowerInvariant()));
        Assert.True(HopByHopHeaders.Contains(name.ToUpperInvariant()));
        Assert.False(HopByHopHeaders.Contains(name + "x"));
        Assert.False(HopByHopHeaders.Contains("x" + name[1..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("Content-Encoding")]
    [InlineData("Cookie")]
    [InlineData("Set-Cookie")]
    [InlineData("Trailer")]
    [InlineData("Via")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("grpc-status")]
    [InlineData("grpc-encoding")]
    [InlineData("traceparent")]
    public void Name_OfTheMessage_Passes(string name) => Assert.False(HopByHopHeaders.Contains(name));

    [Theory]
    [InlineData("trailers", true)]
    [InlineData("Trailers", true)]
    [InlineData("gzip, trailers", true)]
    [InlineData("gzip", false)]
    [InlineData("", false)]
    public void Te_AsksForTrailers_WhereItNamesThem(string te, bool expected) => Assert.Equal(expected, HopByHopHeaders.AsksForTrailers(te));

    [Fact]
    public void NamedByConnection_NoConnectionHeader_IsNull()
    {
        var headers = new HeaderBlock();
        headers.Add("X-Connection", "x-private");
        Assert.Null(HopByHopHeaders.NamedByConnection(headers));
    }

    [Theory]
    [InlineData("close", "close")]
    [InlineData("keep-alive, X-Private", "keep-alive x-private")]
    [InlineData(" , a ,,b,", "a b")]
    [InlineData("", "")]
    public void NamedByConnection_ListOfNames_IsReadWithoutCaseAndBlanks(string value, string expected)
    {
        var headers = new HeaderBlock();
        headers.Add("connection", value);
        Assert.Equal(expected, string.Join(' ', HopByHopHeaders.NamedByConnection(headers)!.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void NamedByConnection_SeveralLines_AreTakenTogether()
    {
        var headers = new HeaderBlock();
        headers.Add("Connection", "a");
        headers.Add("other", "x");
        headers.Add("CONNECTION", "B");
        var named = HopByHopHeaders.NamedByConnection(headers)!;
        Assert.True(named.Contains("A") && named.Contains("b") && named.Count == 2);
    }
}
