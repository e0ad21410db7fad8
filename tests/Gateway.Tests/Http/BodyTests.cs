using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>Bodies with and without a length announced, both ways.</summary>
public sealed class BodyTests(Crossing crossing) : IClassFixture<Crossing>
{
    private const int Large = 3_000_000;

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Bodies_WithALength_KeepIt(string caller, string upstream)
    {
        var sent = RandomNumberGenerator.GetBytes(Large);
        long? announced = null;
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            async context =>
            {
                announced = context.Request.ContentLength;
                context.Response.ContentLength = announced;
                await AnswerWithTheSameAsync(context);
            },
            request => (request.Method, request.Content) = (HttpMethod.Post, new ByteArrayContent(sent)));
        Assert.Equal((Large, Large), (announced, response.Content.Headers.ContentLength));
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await response.Content.ReadAsByteArrayAsync().InTime("the whole answer")));
        await crossing.IsQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Bodies_WithoutALength_ComeWithoutOne(string caller, string upstream)
    {
        var sent = RandomNumberGenerator.GetBytes(Large);
        (long? Length, string? Coding) announced = default;
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            async context =>
            {
                announced = (context.Request.ContentLength, context.Request.Headers.TransferEncoding);
                await AnswerWithTheSameAsync(context);
            },
            request =>
            {
                (request.Method, request.Content) = (HttpMethod.Post, new StreamContent(new MemoryStream(sent)));
                request.Content.Headers.ContentLength = null;
                request.Headers.TransferEncodingChunked = caller == "http1" ? true : null;
            });
        Assert.Equal((null, upstream == "http1" ? "chunked" : null), announced);
        Assert.Null(response.Content.Headers.ContentLength);
        Assert.Equal(caller == "http1" ? true : null, response.Headers.TransferEncodingChunked);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await response.Content.ReadAsByteArrayAsync().InTime("the whole answer")));
        await crossing.IsQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task AnswerPieces_ComeAsTheyAreSent(string caller, string upstream)
    {
        using var second = new SemaphoreSlim(0);
        using var response = await crossing.SendAsync(caller, upstream, async context =>
        {
            await context.Response.Body.WriteAsync("first"u8.ToArray());
            await second.WaitAsync();
            await context.Response.Body.WriteAsync("second"u8.ToArray());
        });
        await using var body = await response.Content.ReadAsStreamAsync();
        var piece = new byte[100];
        Assert.Equal("first"u8.ToArray(), piece[..await body.ReadAsync(piece).InTime("the first piece")]);
        second.Release();
        Assert.Equal("second"u8.ToArray(), piece[..await body.ReadAsync(piece).InTime("the second piece")]);
        Assert.Equal(0, await body.ReadAsync(piece).InTime("the end"));
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task AnswerHead_ComesBeforeItsBody(string caller, string upstream)
    {
        using var body = new SemaphoreSlim(0);
        using var response = await crossing.SendAsync(caller, upstream, async context =>
        {
            context.Response.StatusCode = 202;
            await context.Response.Body.FlushAsync();
            await body.WaitAsync();
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        body.Release();
        Assert.Empty(await response.Content.ReadAsByteArrayAsync().InTime("the end of the answer"));
    }

    // HTTP/2 on both sides: .NET's HTTP/1.1 client, which is on the pool's other side too, looks for an answer when the request is out.
    [Fact]
    public async Task Answer_BeforeTheRequestsEnd_ComesToTheCallerMeanwhile()
    {
        var request = new Dripping();
        using var response = await crossing.SendAsync(
            "http2",
            "http2",
            async context =>
            {
                await context.Response.Body.FlushAsync();
                await context.Request.Body.CopyToAsync(context.Response.Body);
            },
            message => (message.Method, message.Content) = (HttpMethod.Post, request));
        await using var body = await response.Content.ReadAsStreamAsync();
        var piece = new byte[100];
        foreach (var word in new[] { "one", "two" })
        {
            await request.WriteAsync(word);
            Assert.Equal(word.Length, await body.ReadAsync(piece).InTime(word));
        }

        request.End();
        Assert.Equal(0, await body.ReadAsync(piece).InTime("the end"));
        await crossing.IsQuietAsync();
    }

    // Reads all first: over HTTP/1.1 nobody listens before everything is said.
    private static async Task AnswerWithTheSameAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await context.Response.Body.WriteAsync(body.ToArray());
    }
}
