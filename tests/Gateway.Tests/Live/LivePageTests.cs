using System.Net;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>/admin/live and /console without a browser: what is sent, to whom, and when nothing is.</summary>
public sealed class LivePageTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(("billing:Protocol", "http1"), ("billing:Addresses:0", _upstream.Address), ("orders:Protocol", "http1"), ("orders:Addresses:0", _upstream.Address));
        _client = Callers.Http1(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Stream_HasAllRowsFirst_ThenOnlyThoseThatChanged()
    {
        await using var stream = await LiveStream.OpenAsync(_client);
        var whole = (await stream.NextAsync()).Data;
        Assert.True(whole.GetProperty("isWhole").GetBoolean());
        Assert.Equal(["billing", "orders"], whole.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()));

        var call = _client.GetStringAsync("/e/billing/1");
        var request = await _upstream.RequestAsync();
        var changed = await stream.UntilAsync(reading => reading.GetProperty("rows").EnumerateArray().Any(row => row.GetProperty("inFlight").GetInt32() == 1));
        Assert.Equal("billing", Assert.Single(changed.GetProperty("rows").EnumerateArray()).GetProperty("name").GetString());
        await request.AnswerAsync("one");
        await call.InTime("the answer");
        await stream.UntilAsync(reading => reading.GetProperty("cluster").GetProperty("calls").GetDouble() > 0);
    }

    [Fact]
    public async Task Stream_OfAnEndpoint_BeginsWithItsHistory_AndHasItsPage()
    {
        var call = _client.GetStringAsync("/e/billing/1");
        await (await _upstream.RequestAsync()).AnswerAsync("one");
        await call.InTime("the answer");
        await using var stream = await LiveStream.OpenAsync(_client, "billing");
        var (name, history) = await stream.NextAsync();
        Assert.Equal(("history", "billing"), (name, history.GetProperty("name").GetString()));
        Assert.True(history.GetProperty("calls").EnumerateArray().Sum(each => each.GetDouble()) > 0, "the call is part of the history");
        while ((await stream.NextAsync()) is var next && next.Name != "endpoint")
        {
            Assert.Equal("cluster", next.Name);
        }
    }

    [Fact]
    public async Task Stream_OfAnUnknownEndpoint_IsNotFound_AndSaysWhereAllAre()
    {
        using var response = await _client.GetAsync("/admin/live?endpoint=nobody");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("/admin/pools", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ThatIsOneTooMany_IsRefused_UntilOneIsClosed()
    {
        var streams = new List<LiveStream>();
        for (var viewer = 0; viewer < 50; viewer++) streams.Add(await LiveStream.OpenAsync(_client));
        using (var refused = await _client.GetAsync("/admin/live")) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        foreach (var stream in streams) await stream.DisposeAsync();
        await Eventually.HoldsAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/live");
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode;
        }, "a place for a viewer");
    }

    [Fact]
    public async Task Stream_WhenTheHostStops_Ends()
    {
        await using var stream = await LiveStream.OpenAsync(_client);
        await stream.NextAsync();
        await _host.StopAsync().InTime("the host to stop");
        await stream.EndAsync().InTime("the stream to end");
    }

    [Theory]
    [InlineData("/console", "text/html")]
    [InlineData("/console/app.js", "text/javascript")]
    [InlineData("/console/style.css", "text/css")]
    public async Task Page_IsServed_WithAPolicyThatLetsNothingElseIn(string path, string type)
    {
        using var response = await _client.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/..%2fsample-endpoints.json")]
    public async Task File_ThatIsNotThePages_IsNotFound(string path)
    {
        using var response = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
