using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>What only HTTP/1 has, byte by byte: both kinds of upstream answer it.</summary>
public sealed class Http1CallerTests(Crossing crossing) : IClassFixture<Crossing>, IAsyncLifetime
{
    private RawCaller _caller = null!;

    public async Task InitializeAsync() => _caller = await RawCaller.ConnectAsync(crossing.Host.Address);

    public Task DisposeAsync()
    {
        _caller.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Http10_GetsABodyOfUnknownLengthUpToTheConnectionsEnd(string upstream)
    {
        await _caller.SendAsync($"GET {crossing.Page(upstream, context => context.Response.WriteAsync("hello"))} HTTP/1.0\r\n\r\n");
        var answer = await _caller.ReadToCloseAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", answer, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Expect100Continue_IsAnsweredByTheGateway_AndNotPassedOn(string upstream)
    {
        var page = crossing.Page(upstream, async context =>
        {
            Assert.False(context.Request.Headers.ContainsKey("expect"));
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        await _caller.SendAsync($"POST {page} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await _caller.ReadHeadAsync());
        await _caller.SendAsync("hello");
        Assert.StartsWith("HTTP/1.1 200 ", await _caller.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("5\r\nhello\r\n0\r\n\r\n", await _caller.ReadToCloseAsync());
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Chunks_WithExtensionsAndTrailers_AreUnpacked(string upstream)
    {
        var page = crossing.Page(upstream, context => context.Request.Body.CopyToAsync(context.Response.Body));
        await _caller.SendAsync($"POST {page} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        await _caller.SendAsync("3;name=value\r\none\r\n");
        await _caller.SendAsync("3\r\ntwo\r\n0\r\nX-Trailer: 1\r\n\r\n");
        var answer = await _caller.ReadToCloseAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal("onetwo", Unchunked(answer));
    }

    // Two lengths in one request are how requests are smuggled past an intermediary (RFC 9112, section 6.3).
    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Length_BesideChunks_DoesNotPass(string upstream)
    {
        (long? Length, string Body) seen = default;
        var page = crossing.Page(upstream, async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            seen = (context.Request.ContentLength, await body.ReadToEndAsync());
        });
        await _caller.SendAsync($"POST {page} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await _caller.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("hello", seen.Body);
        Assert.True(seen.Length is null or 5, $"Content-Length: {seen.Length}");
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Connection_KeptAlive_CarriesOneRequestAfterTheOther(string upstream)
    {
        var page = crossing.Page(upstream, async context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        foreach (var word in new[] { "one", "two", "three" })
        {
            await _caller.SendAsync($"POST {page} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {word.Length}\r\n\r\n{word}");
            Assert.StartsWith("HTTP/1.1 200 ", await _caller.ReadHeadAsync(), StringComparison.Ordinal);
            await _caller.ReadToAsync(word);
        }
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Requests_InOneGo_AreAnsweredInOrder(string upstream)
    {
        var page = crossing.Page(upstream, context =>
        {
            context.Response.ContentLength = 2;
            return context.Response.WriteAsync(context.Request.QueryString.Value![^2..]);
        });
        await _caller.SendAsync(string.Concat(Enumerable.Range(10, 5).Select(n => $"GET {page}?{n} HTTP/1.1\r\nHost: localhost\r\n\r\n")));
        for (var n = 10; n < 15; n++)
        {
            await _caller.ReadHeadAsync();
            await _caller.ReadToAsync($"{n}");
        }
    }

    private static string Unchunked(string answer)
    {
        var parts = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Split("\r\n");
        return string.Concat(parts.Where((_, at) => at % 2 == 1));
    }
}
