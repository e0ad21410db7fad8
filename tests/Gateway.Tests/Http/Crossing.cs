using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>
/// The four ways from a caller to an upstream, each of which speaks HTTP/1.1 or HTTP/2 whatever the other one does. A test names a way by two words,
/// <c>http1</c> or <c>http2</c> for the caller and for the upstream, which are also the endpoints' names.
/// </summary>
public sealed class Crossing : IAsyncLifetime
{
    private WebUpstream _upstream = null!;
    private HttpClient _http1 = null!;
    private HttpClient _http2 = null!;

    /// <summary>All of them.</summary>
    public static TheoryData<string, string> Ways => new() { { "http1", "http1" }, { "http1", "http2" }, { "http2", "http1" }, { "http2", "http2" } };

    internal GatewayHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _upstream = await WebUpstream.StartAsync();
        Host = await GatewayHost.StartAsync(
            ("http1:Protocol", "http1"),
            ("http1:Addresses:0", _upstream.Http1),
            ("http2:Protocol", "http2"),
            ("http2:Addresses:0", _upstream.Http2));
        (_http1, _http2) = (Callers.Http1(Host.Address), Callers.Http2(Host.Address));
    }

    public async Task DisposeAsync()
    {
        _http1.Dispose();
        _http2.Dispose();
        await _upstream.DisposeAsync();
        await Host.DisposeAsync();
    }

    /// <summary>Puts a page on the upstream and returns its path at the gateway.</summary>
    internal string Page(string upstream, RequestDelegate page) => $"/e/{upstream}{_upstream.Page(page)}";

    /// <summary>Sends a request to a page of its own; the answer's body is still to be read.</summary>
    internal Task<HttpResponseMessage> SendAsync(string caller, string upstream, RequestDelegate page, Action<HttpRequestMessage>? configure = null) =>
        SendAsync(caller, upstream, page, configure, CancellationToken.None);

    internal async Task<HttpResponseMessage> SendAsync(
        string caller, string upstream, RequestDelegate page, Action<HttpRequestMessage>? configure, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Page(upstream, page));
        configure?.Invoke(request);
        var client = caller == "http1" ? _http1 : _http2;
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).InTime("the head of an answer");
    }

    /// <summary>Completes when both endpoints are at rest, so that no permit and no channel was lost.</summary>
    internal async Task IsQuietAsync()
    {
        await Host.IsQuietAsync("http1");
        await Host.IsQuietAsync("http2");
    }
}
