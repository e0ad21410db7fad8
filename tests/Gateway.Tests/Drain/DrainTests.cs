using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Gateway.Tests.Drain;

/// <summary>A host that stops: it turns new calls away, lets the running ones finish, and does not wait for ever.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private const int GoAway = 7;

    private readonly Http1Upstream _http1 = Http1Upstream.Start();
    private readonly Http2Upstream _http2 = Http2Upstream.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _http1.DisposeAsync();
        await _http2.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WithACallInFlight_RefusesNewOnes_AndFinishesThatOne()
    {
        await using var host = await StartAsync("00:01:00");
        using var client = Callers.Http1(host.Address);
        var running = client.GetStringAsync("/e/web/");
        var request = await _http1.RequestAsync();
        var stopping = host.StopAsync();

        await IsNotReadyAsync(client);
        Assert.Equal("alive\n", await client.GetStringAsync("/alive"));
        using var refused = await client.GetAsync("/e/web/").InTime("the refusal");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Draining"), (refused.StatusCode, refused.Headers.GetValues("orleanspool-error").Single()));
        Assert.Equal("1", refused.Headers.GetValues("retry-after").Single());
        Assert.False(stopping.IsCompleted);

        await request.AnswerAsync("finished");
        Assert.Equal("finished", await running.InTime("the answer"));
        await stopping.InTime("the host to stop");
        Assert.Equal(1, _http1.Requests);
    }

    [Fact]
    public async Task Stop_WithAStreamOpen_RefusesGrpcCallsAsUnavailable_AndLetsTheStreamEndItself()
    {
        await using var host = await StartAsync("00:01:00");
        using var client = Callers.Http2(host.Address);
        var body = new Dripping();
        var running = client.SendAsync(Call(body), HttpCompletionOption.ResponseHeadersRead);
        var call = await (await _http2.ConnectionAsync()).CallAsync();
        await call.HeadAsync(("content-type", "application/grpc"));
        using var response = await running.InTime("the head of the answer");
        var stopping = host.StopAsync();
        await IsNotReadyAsync(client);

        using var refused = await client.SendAsync(Call(new ByteArrayContent([0, 0, 0, 0, 0]))).InTime("the refusal");
        Assert.Equal((HttpStatusCode.OK, "14"), (refused.StatusCode, refused.Headers.GetValues("grpc-status").Single()));

        // Both ways still pass.
        await body.WriteAsync([0, 0, 0, 0, 2, 7, 7]);
        Assert.Equal([0, 0, 0, 0, 2, 7, 7], await call.PieceAsync());
        body.End();
        Assert.Empty(await call.PieceAsync());
        await call.DataAsync(new byte[] { 0, 0, 0, 0, 1, 9 });
        await call.TrailersAsync(("grpc-status", "0"));
        Assert.Equal([0, 0, 0, 0, 1, 9], await response.Content.ReadAsByteArrayAsync().InTime("the answer"));
        Assert.Equal(["0"], response.TrailingHeaders.GetValues("grpc-status"));
        await stopping.InTime("the host to stop");
    }

    [Fact]
    public async Task Stop_WithACallThatDoesNotEnd_CutsItWhenTheDrainTimeoutIsOver()
    {
        await using var host = await StartAsync("00:00:00.200");
        using var client = Callers.Http1(host.Address);
        var running = client.GetAsync("/e/web/");
        var request = await _http1.RequestAsync();
        await host.StopAsync().InTime("the host to stop");
        await request.Connection.ClosedAsync();
        using var cut = await running.InTime("the failure");
        Assert.Equal((HttpStatusCode.BadGateway, "UpstreamClosed"), (cut.StatusCode, cut.Headers.GetValues("orleanspool-error").Single()));
    }

    [Fact]
    public async Task Stop_TellsAnHttp2CallerToGoAway()
    {
        await using var host = await StartAsync("00:00:01");
        using var caller = await RawCaller.ConnectAsync(host.Address);
        await caller.SendAsync(RawCaller.Http2Preface);
        Assert.Equal(4, (await caller.ReadFrameAsync()).Type);
        var stopping = host.StopAsync();
        var seen = (await caller.ReadFrameAsync()).Type;
        while (seen != GoAway) seen = (await caller.ReadFrameAsync()).Type;
        caller.Dispose();
        await stopping.InTime("the host to stop");
    }

    [Fact]
    public async Task Stop_ClosesTheChannelsToTheUpstream()
    {
        await using var host = await StartAsync("00:00:01");
        using var client = Callers.Http1(host.Address);
        var call = client.GetStringAsync("/e/web/");
        var request = await _http1.RequestAsync();
        await request.AnswerAsync("done");
        await call.InTime("the answer");
        await host.StopAsync().InTime("the host to stop");
        await request.Connection.ClosedAsync();
    }

    private Task<GatewayHost> StartAsync(string drainTimeout) => GatewayHost.StartAsync(
        builder => builder.Configuration.AddInMemoryCollection([new("OrleansPool:DrainTimeout", drainTimeout)]),
        ("web:Protocol", "http1"),
        ("web:Addresses:0", _http1.Address),
        ("rpc:Protocol", "grpc"),
        ("rpc:Addresses:0", _http2.Address));

    private static async Task IsNotReadyAsync(HttpClient client)
    {
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "the host not to be ready");
        using var answer = await client.GetAsync("/ready");
        Assert.Equal("draining\n", await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Call(HttpContent body)
    {
        body.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, "/e/rpc/package.Service/Method") { Content = body };
    }
}
