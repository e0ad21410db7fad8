using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>Which headers and trailers pass, and in what shape.</summary>
public sealed class HeaderTests(Crossing crossing) : IClassFixture<Crossing>
{
    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task SetCookie_Twice_StaysTwo(string caller, string upstream)
    {
        using var response = await crossing.SendAsync(caller, upstream, context =>
        {
            context.Response.Headers.SetCookie = new(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]);
            return Task.CompletedTask;
        });
        Assert.Equal(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"], response.Headers.GetValues("set-cookie"));
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Headers_OfTenThousandBytes_PassBothWays(string caller, string upstream)
    {
        var large = string.Concat(Enumerable.Range(0, 2_000).Select(n => $"{n:0000}."));
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            context =>
            {
                context.Response.Headers["x-back"] = context.Request.Headers["x-large"];
                return Task.CompletedTask;
            },
            request => request.Headers.Add("x-large", large));
        Assert.Equal(10_000, large.Length);
        Assert.Equal([large], response.Headers.GetValues("x-back"));
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Headers_WithQuotesCommasAndEscapes_PassUnchangedBothWays(string caller, string upstream)
    {
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            context =>
            {
                context.Response.Headers.ContentType = context.Request.Headers["x-type"];
                return Task.CompletedTask;
            },
            request => request.Headers.Add("x-type", "text/x; title=\"%C3%BC\"; q=\"a, b\""));
        Assert.Equal(["text/x; title=\"%C3%BC\"; q=\"a, b\""], response.Content.Headers.NonValidated["content-type"]);
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task RequestHeaders_OfTheCallersConnection_DoNotPass(string upstream)
    {
        string[] seen = [];
        var page = crossing.Page(upstream, context =>
        {
            seen = [.. context.Request.Headers.Keys.Where(name => !name.StartsWith(':')).Order(StringComparer.OrdinalIgnoreCase)];
            return Task.CompletedTask;
        });
        using var caller = await RawCaller.ConnectAsync(crossing.Host.Address);
        await caller.SendAsync(
            $"GET {page} HTTP/1.1\r\nHost: localhost\r\nConnection: X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n" +
            "Proxy-Authorization: Basic eA==\r\nTE: gzip\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nX-Stays: 1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await caller.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(["Host", "x-stays"], seen, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task AnswerHeaders_OfTheUpstreamsConnection_DoNotPass(string caller)
    {
        using var response = await crossing.SendAsync(caller, "http1", context =>
        {
            var headers = context.Response.Headers;
            (headers.Connection, headers["X-Private"], headers["Keep-Alive"], headers["X-Stays"]) = ("X-Private", "1", "timeout=5", "1");
            (headers["Proxy-Authenticate"], headers.Upgrade, headers.AltSvc) = ("Basic", "h2c", "h3=\":443\"");
            return Task.CompletedTask;
        });
        var names = response.Headers.NonValidated.Select(h => h.Key.ToLowerInvariant()).Order(StringComparer.Ordinal);
        Assert.Equal(["date", "server", "x-stays"], names);
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task RequestHeader_Twice_KeepsBothValuesInOrder(string upstream)
    {
        var seen = "";
        var page = crossing.Page(upstream, context =>
        {
            seen = string.Join(", ", context.Request.Headers["x-twice"].AsEnumerable());
            return Task.CompletedTask;
        });
        using var caller = await RawCaller.ConnectAsync(crossing.Host.Address);
        await caller.SendAsync($"GET {page} HTTP/1.1\r\nHost: localhost\r\nX-Twice: a\r\nX-Between: 1\r\nX-Twice: b\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await caller.ReadToCloseAsync(), StringComparison.Ordinal);
        Assert.Equal("a, b", seen);
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Trailers_ReachAnHttp2Caller(string upstream)
    {
        using var response = await crossing.SendAsync("http2", upstream, TrailersAsync);
        Assert.Equal("body", await response.Content.ReadAsStringAsync().InTime("the whole answer"));
        Assert.Equal(["42"], response.TrailingHeaders.GetValues("x-sum"));
    }

    // The server under the ingress has no trailers for HTTP/1.1; RFC 9110, section 6.5.1, lets an intermediary drop them.
    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Trailers_AreDroppedForAnHttp1Caller_AndTheBodyEndsCleanly(string upstream)
    {
        using var response = await crossing.SendAsync("http1", upstream, TrailersAsync);
        Assert.Equal("body", await response.Content.ReadAsStringAsync().InTime("the whole answer"));
        Assert.Empty(response.TrailingHeaders);
        await crossing.IsQuietAsync();
    }

    // Kestrel sends trailers over HTTP/2 only: the upstream with HTTP/1.1 writes its chunks itself.
    private static async Task TrailersAsync(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("x-sum", "42");
            return;
        }

        context.Response.Headers.TransferEncoding = "chunked";
        await context.Response.WriteAsync("4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n");
    }
}
