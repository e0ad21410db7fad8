using System.Net;
using Microsoft.AspNetCore.Http;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>Any method passes, with a body and without.</summary>
public sealed class MethodTests(Crossing crossing) : IClassFixture<Crossing>
{
    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Method_WhateverItIs_PassesWithItsBody(string caller, string upstream)
    {
        foreach (var method in new[] { "PATCH", "PUT", "DELETE", "OPTIONS", "REPORT", "X-Own" })
        {
            using var response = await crossing.SendAsync(
                caller, upstream, EchoAsync, request => (request.Method, request.Content) = (new HttpMethod(method), new StringContent("body")));
            Assert.Equal((HttpStatusCode.OK, $"{method}: body"), (response.StatusCode, await response.Content.ReadAsStringAsync().InTime("the answer")));
        }
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Method_WhateverItIs_PassesWithoutABody(string caller, string upstream)
    {
        foreach (var method in new[] { "GET", "DELETE", "OPTIONS", "TRACE", "PURGE" })
        {
            using var response = await crossing.SendAsync(caller, upstream, EchoAsync, request => request.Method = new HttpMethod(method));
            Assert.Equal((HttpStatusCode.OK, $"{method}: "), (response.StatusCode, await response.Content.ReadAsStringAsync().InTime("the answer")));
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"{context.Request.Method}: {await body.ReadToEndAsync()}");
    }
}
