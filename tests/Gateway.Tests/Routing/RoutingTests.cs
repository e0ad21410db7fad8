using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Routing;

/// <summary>Which endpoint a request is for, and what of its target the upstream sees.</summary>
public sealed class RoutingTests : IAsyncLifetime
{
    private WebUpstream _upstream = null!;
    private GatewayHost _host = null!;
    private HttpClient _http1 = null!;
    private HttpClient _http2 = null!;

    public async Task InitializeAsync()
    {
        _upstream = await WebUpstream.StartAsync(TellTargetAsync);
        _host = await GatewayHost.StartAsync(
            ("billing:Protocol", "http1"),
            ("billing:Addresses:0", _upstream.Http1),
            ("rates:Protocol", "grpc"),
            ("rates:Addresses:0", _upstream.Http2));
        (_http1, _http2) = (Callers.Http1(_host.Address), Callers.Http2(_host.Address));
    }

    public async Task DisposeAsync()
    {
        _http1.Dispose();
        _http2.Dispose();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("billing")]
    [InlineData("billing.pool")]
    [InlineData("billing:8080")]
    [InlineData("billing.pool:80")]
    [InlineData("BILLING")]
    [InlineData("Billing.Pool")]
    public async Task HostName_OfAnEndpoint_LeadsToIt(string name)
    {
        Assert.Equal("GET /orders?id=7", await TextAsync(_http1, "/orders?id=7", name));
        Assert.Equal("GET /orders?id=7", await TextAsync(_http2, "/orders?id=7", name));
    }

    [Theory]
    [InlineData("/e/billing/", "/")]
    [InlineData("/e/billing", "/")]
    [InlineData("/e/billing?x=1", "/?x=1")]
    [InlineData("/e/billing/?x=1", "/?x=1")]
    [InlineData("/e/BILLING/orders/7?a=1&a=2", "/orders/7?a=1&a=2")]
    [InlineData("/e/billing/e/billing/x", "/e/billing/x")]
    [InlineData("/e/billing//double//slash/", "//double//slash/")]
    public async Task PathPrefix_OfAnEndpoint_LeadsToIt_AndTheUpstreamDoesNotSeeIt(string path, string seen)
    {
        Assert.Equal($"GET {seen}", await RawTextAsync(path, "localhost"));
        Assert.Equal($"GET {seen}", await TextAsync(_http2, path, "localhost"));
    }

    [Theory]
    [InlineData("/a/%2e%2E/b;c=%C3%A4?q=%20x%2Fy|z&%26")]
    [InlineData("/%ff/a+b/~user/")]
    [InlineData("/x?u=http://elsewhere/y?z")]
    public async Task Target_WithEscapes_IsKeptByteForByte(string target)
    {
        Assert.Equal($"GET {target}", await RawTextAsync(target, "billing"));
        Assert.Equal($"GET {target}", await RawTextAsync($"/e/billing{target}", "localhost"));
    }

    [Theory]
    [InlineData("http://billing/orders?id=7", "/orders?id=7")]
    [InlineData("http://billing", "/")]
    [InlineData("http://billing?from=/x", "/?from=/x")]
    public async Task Target_AsToAProxy_IsShortenedToPathAndQuery(string target, string seen) =>
        Assert.Equal($"GET {seen}", await RawTextAsync(target, "billing"));

    [Fact]
    public async Task HostName_GoesBeforeThePathPrefix() =>
        Assert.Equal("GET /e/rates/x", await TextAsync(_http1, "/e/rates/x", "billing"));

    [Theory]
    [InlineData("/e/nobody/x", "localhost")]
    [InlineData("/e/", "localhost")]
    [InlineData("/x", "nobody.pool")]
    [InlineData("/x", "localhost")]
    [InlineData("/e", "localhost")]
    public async Task UnknownEndpoint_ForHttp_Is404WithAProblem_WithoutNames(string path, string host)
    {
        using var response = await SendAsync(_http1, path, host);
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("EndpointUnknown", "Route", "Caller"), (Header(response, "orleanspool-error"), Header(response, "orleanspool-stage"), Header(response, "orleanspool-party")));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(("EndpointUnknown", 404), (problem.RootElement.GetProperty("title").GetString(), problem.RootElement.GetProperty("status").GetInt32()));
        Assert.DoesNotContain("billing", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/package.Service/Method", "nobody.pool")]
    [InlineData("/e/nobody/package.Service/Method", "localhost")]
    [InlineData("/package.Service/Method", "localhost")]
    public async Task UnknownEndpoint_ForGrpc_IsUnimplementedInsideHttp200(string path, string host)
    {
        using var request = Request(HttpMethod.Post, path, host);
        request.Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { { "content-type", "application/grpc" } } };
        using var response = await _http2.SendAsync(request).InTime("an answer");
        Assert.Equal((200, "12", "application/grpc"), ((int)response.StatusCode, Header(response, "grpc-status"), response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("EndpointUnknown: ", Header(response, "grpc-message"), StringComparison.Ordinal);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task UnknownEndpoint_InDevelopment_NamesTheKnownOnes()
    {
        await using var host = await GatewayHost.StartAsync(
            builder => builder.Services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = Environments.Development }),
            ("billing:Protocol", "http1"),
            ("billing:Addresses:0", _upstream.Http1),
            ("rates:Protocol", "grpc"),
            ("rates:Addresses:0", _upstream.Http2));
        using var client = Callers.Http1(host.Address);
        using var response = await SendAsync(client, "/e/nobody/", "localhost");
        Assert.Contains("Known are: billing, rates.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1", "billing")]
    [InlineData("CONNECT billing:80 HTTP/1.1", "billing:80")]
    public async Task Target_ThatIsNoPath_IsRefused(string line, string host)
    {
        using var caller = await RawCaller.ConnectAsync(_host.Address);
        await caller.SendAsync($"{line}\r\nHost: {host}\r\n\r\n");
        var head = await caller.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        Assert.Contains("orleanspool-error: RequestInvalid\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upstream_SeesItsOwnAddressAsHost_NotTheEndpointsName()
    {
        var path = _upstream.Page(context => context.Response.WriteAsync(context.Request.Host.Value ?? ""));
        using var response = await SendAsync(_http1, path, "billing");
        Assert.Equal(_upstream.Http1, await response.Content.ReadAsStringAsync());
    }

    private static Task TellTargetAsync(HttpContext context) =>
        context.Response.WriteAsync($"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}");

    private static async Task<string> TextAsync(HttpClient client, string path, string host)
    {
        using var response = await SendAsync(client, path, host);
        return await response.Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string host) =>
        client.SendAsync(Request(HttpMethod.Get, path, host)).InTime("an answer");

    private static HttpRequestMessage Request(HttpMethod method, string path, string host) =>
        new(method, path) { Headers = { Host = host } };

    private async Task<string> RawTextAsync(string target, string host)
    {
        using var caller = await RawCaller.ConnectAsync(_host.Address);
        await caller.SendAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        var head = await caller.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains("Transfer-Encoding: chunked", head, StringComparison.OrdinalIgnoreCase);
        var chunk = (await caller.ReadToCloseAsync()).Split("\r\n");
        return chunk[1];
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
