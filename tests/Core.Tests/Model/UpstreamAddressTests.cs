using System.Net;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Model;

/// <summary>What an operator may write under Addresses.</summary>
public class UpstreamAddressTests
{
    [Theory]
    [InlineData("billing:50051", "billing", 50051)]
    [InlineData("billing.internal.example:1", "billing.internal.example", 1)]
    [InlineData("a:65535", "a", 65535)]
    [InlineData("10.1.2.3:80", "10.1.2.3", 80)]
    [InlineData("[::1]:443", "::1", 443)]
    [InlineData("[2001:db8::2:1]:8080", "2001:db8::2:1", 8080)]
    [InlineData("with-dash_and_line:80", "with-dash_and_line", 80)]
    public void TryParse_HostAndPort_IsReadAndWrittenBackTheSame(string text, string host, int port)
    {
        Assert.True(UpstreamAddress.TryParse(text, out var address));
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("billing")]
    [InlineData("billing:")]
    [InlineData(":80")]
    [InlineData("billing:0")]
    [InlineData("billing:65536")]
    [InlineData("billing:99999999999")]
    [InlineData("billing:-1")]
    [InlineData("billing:+80")]
    [InlineData("billing: 80")]
    [InlineData("billing:80 ")]
    [InlineData("billing:http")]
    [InlineData("billing:80/")]
    [InlineData("http://billing:80")]
    [InlineData("::1:80")]
    [InlineData("[::1]")]
    [InlineData("[::1:80")]
    [InlineData("::1]:80")]
    [InlineData("[]:80")]
    [InlineData("[[::1]]:80")]
    [InlineData("[billing]:80")]
    [InlineData("[10.1.2.3]:80")]
    [InlineData("[::zz]:80")]
    [InlineData("bil ling:80")]
    [InlineData("billing/path:80")]
    [InlineData("user@billing:80")]
    [InlineData("billing?:80")]
    [InlineData("billing#:80")]
    [InlineData("*:80")]
    public void TryParse_Garbage_IsRefused(string? text)
    {
        Assert.False(UpstreamAddress.TryParse(text, out var address));
        Assert.Null(address);
    }

    [Theory]
    [InlineData("10.1.2.3:80", "10.1.2.3", "10.1.2.3:80")]
    [InlineData("[::1]:80", "::1", "[::1]:80")]
    [InlineData("billing:80", "10.1.2.3", "billing:80 (10.1.2.3:80)")]
    public void ResolvedAddress_AsText_NamesTheIpWhereItSaysMore(string configured, string ip, string expected)
    {
        Assert.True(UpstreamAddress.TryParse(configured, out var address));
        Assert.Equal(expected, new ResolvedAddress(address, new IPEndPoint(IPAddress.Parse(ip), address.Port)).ToString());
    }
}
