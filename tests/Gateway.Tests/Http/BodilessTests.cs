using System.Net;
using Microsoft.AspNetCore.Http;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>Answers that say how long a body would be and have none, and messages whose body is empty.</summary>
public sealed class BodilessTests(Crossing crossing) : IClassFixture<Crossing>
{
    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Head_KeepsTheLengthThatGetWouldHave(string caller, string upstream)
    {
        using var response = await crossing.SendAsync(caller, upstream, AnswerAsync, request => request.Method = HttpMethod.Head);
        Assert.Equal((HttpStatusCode.OK, 1000L), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync().InTime("the end of the answer"));
        await crossing.IsQuietAsync();

        static Task AnswerAsync(HttpContext context)
        {
            context.Response.ContentLength = 1000;
            return Task.CompletedTask;
        }
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task NotModified_KeepsTheLengthThatTheBodyWouldHave(string caller, string upstream)
    {
        using var response = await crossing.SendAsync(caller, upstream, AnswerAsync);
        Assert.Equal((HttpStatusCode.NotModified, 1000L, "\"v1\""), (response.StatusCode, response.Content.Headers.ContentLength, response.Headers.ETag?.Tag));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync().InTime("the end of the answer"));
        await crossing.IsQuietAsync();

        static Task AnswerAsync(HttpContext context)
        {
            (context.Response.StatusCode, context.Response.ContentLength, context.Response.Headers.ETag) = (304, 1000, "\"v1\"");
            return Task.CompletedTask;
        }
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task NoContent_HasNeitherBodyNorLength(string caller, string upstream)
    {
        using var response = await crossing.SendAsync(caller, upstream, context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.False(response.Content.Headers.NonValidated.Contains("content-length"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync().InTime("the end of the answer"));
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task EmptyBodies_StayEmptyWithALengthOfZero(string caller, string upstream)
    {
        long? length = null;
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            async context =>
            {
                length = context.Request.ContentLength;
                Assert.Equal(0, await context.Request.Body.ReadAsync(new byte[1]));
                context.Response.ContentLength = 0;
            },
            request => (request.Method, request.Content) = (HttpMethod.Post, new ByteArrayContent([])));
        Assert.Equal((HttpStatusCode.OK, 0L, 0L), (response.StatusCode, length, response.Content.Headers.ContentLength));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync().InTime("the end of the answer"));
    }
}
