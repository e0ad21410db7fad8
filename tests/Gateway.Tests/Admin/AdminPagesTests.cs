using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>The host's own pages.</summary>
public sealed class AdminPagesTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private readonly WatchedTimeProvider _clock = new();
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(_clock),
            ("billing:Protocol", "http1"),
            ("billing:Addresses:0", _upstream.Address),
            ("billing:Pool:Max", "3"),
            ("billing:Limits:Max", "1"),
            ("ready:Protocol", "http1"),
            ("ready:Addresses:0", _upstream.Address));
        _client = Callers.Http1(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Alive_Always_Is200() => Assert.Equal("alive\n", await _client.GetStringAsync("/alive"));

    [Fact]
    public async Task Ready_WhenWarm_Is200()
    {
        await Eventually.HoldsAsync(async () => (await _client.GetAsync("/ready")).IsSuccessStatusCode, "the host to be ready");
        Assert.Equal("ready\n", await _client.GetStringAsync("/ready"));
    }

    [Fact]
    public async Task Pools_AtRest_AreAllThere_InOrder_WithNothingGoingOn()
    {
        var pools = await PoolsAsync();
        Assert.Equal(["billing", "ready"], pools.Select(pool => pool.GetProperty("endpoint").GetString()));
        Assert.Equal(("http1", 3, 1), (pools[0].GetProperty("protocol").GetString(), Number(pools[0], "max"), Number(pools[0], "limit")));
        Assert.All(["idle", "busy", "connecting", "draining", "inFlight", "waiting"], name => Assert.Equal(0, Number(pools[0], name)));
    }

    [Fact]
    public async Task Pools_WithACallInFlightAndOneWaiting_SayJustThat()
    {
        var first = CallAsync();
        var connection = await _upstream.ConnectionAsync();
        var request = await connection.RequestAsync();
        var second = CallAsync();
        await Eventually.HoldsAsync(() => _host.Pool("billing").Waiting == 1, "the second call to wait");
        _clock.Advance(TimeSpan.FromMilliseconds(1500));

        var during = (await PoolsAsync())[0];
        Assert.Equal((0, 1, 0, 0), (Number(during, "idle"), Number(during, "busy"), Number(during, "connecting"), Number(during, "draining")));
        Assert.Equal((1, 1), (Number(during, "inFlight"), Number(during, "waiting")));
        Assert.Equal(1.5, during.GetProperty("oldestWaitSeconds").GetDouble());

        await request.AnswerAsync("one");
        await (await connection.RequestAsync()).AnswerAsync("two");
        Assert.Equal(["one", "two"], [await first, await second]);
        var after = (await PoolsAsync())[0];
        Assert.Equal((1, 0, 0, 0), (Number(after, "idle"), Number(after, "busy"), Number(after, "inFlight"), Number(after, "waiting")));
        var totals = after.GetProperty("totals");

        // The first one waited, too: for its connection.
        Assert.Equal((2, 2, 1, 0, 0), (Number(totals, "acquired"), Number(totals, "waited"), Number(totals, "connected"), Number(totals, "refused"), Number(totals, "timedOut")));
    }

    [Fact]
    public async Task Pools_WithALeaseHeldForTooLong_ShowItsCall_AndCountIt_UntilItIsBack()
    {
        var call = CallAsync("/orders/7?secret=1", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        var request = await _upstream.RequestAsync();
        for (var second = 0; second <= 606; second++) _clock.Advance(TimeSpan.FromSeconds(1));

        var during = (await PoolsAsync())[0];
        var leak = Assert.Single(during.GetProperty("leaks").EnumerateArray());
        Assert.Equal(("/orders/7", "0af7651916cd43dd8448eb211c80319c"), (leak.GetProperty("method").GetString(), leak.GetProperty("traceId").GetString()));
        Assert.Contains(_upstream.Address, leak.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.InRange(leak.GetProperty("heldForSeconds").GetDouble(), 600, 607);
        Assert.Equal(1, Number(during.GetProperty("totals"), "leaked"));

        await request.AnswerAsync("late");
        await call;
        var after = (await PoolsAsync())[0];
        Assert.Equal((0, 1), (after.GetProperty("leaks").GetArrayLength(), Number(after.GetProperty("totals"), "leaked")));
    }

    [Theory]
    [InlineData("/ready")]
    [InlineData("/alive")]
    [InlineData("/admin/pools")]
    public async Task Path_OfAnOwnPage_AtAnEndpointsHostName_IsTheEndpoints(string path)
    {
        var call = CallAsync(path);
        var request = await _upstream.RequestAsync();
        Assert.Equal($"GET {path} HTTP/1.1", request.Line);
        await request.AnswerAsync("the upstream's");
        Assert.Equal("the upstream's", await call);
    }

    [Fact]
    public async Task Endpoint_CalledLikeAnOwnPage_DoesNotHideIt()
    {
        await Eventually.HoldsAsync(async () => (await _client.GetAsync("/ready")).IsSuccessStatusCode, "the host to be ready");
        var call = _client.GetStringAsync("/e/ready/x");
        await (await _upstream.RequestAsync()).AnswerAsync("the upstream's");
        Assert.Equal("the upstream's", await call.InTime("the answer"));
        Assert.Equal("ready\n", await _client.GetStringAsync("/ready"));
    }

    [Fact]
    public async Task Pages_ForAnythingButGet_AreNotAllowed()
    {
        using var response = await _client.PostAsync("/admin/pools", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private async Task<string> CallAsync(string path = "/", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "billing" } };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await _client.SendAsync(request).InTime("an answer");
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<JsonElement[]> PoolsAsync() => (await _client.GetFromJsonAsync<JsonElement[]>("/admin/pools"))!;

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();
}
