using System.Net;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>Ready only when every endpoint's minimum of channels is open, or has failed to open once.</summary>
public class ReadinessTests
{
    [Fact]
    public async Task Ready_WhileAMinimumIsBeingOpened_Is503Warming()
    {
        await using var upstream = Http2Upstream.Start(u => u.IsMute = true);
        await using var host = await GatewayHost.StartAsync(
            ("slow:Protocol", "http2"), ("slow:Addresses:0", upstream.Address), ("slow:Pool:Min", "1"), ("slow:Pool:Max", "1"));
        using var client = Callers.Http1(host.Address);
        await upstream.ConnectionAsync();
        using var response = await client.GetAsync("/ready").InTime("an answer");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "warming\n"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(1, host.Pool("slow").Connecting);
    }

    [Fact]
    public async Task Ready_WithEveryMinimumOpen_Is200()
    {
        await using var upstream = Http2Upstream.Start();
        await using var host = await GatewayHost.StartAsync(("warm:Protocol", "http2"), ("warm:Addresses:0", upstream.Address), ("warm:Pool:Min", "2"));
        using var client = Callers.Http1(host.Address);
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/ready")).IsSuccessStatusCode, "the host to be ready");
        Assert.Equal(2, host.Pool("warm").Idle);
    }

    [Fact]
    public async Task Ready_WithAnUpstreamThatIsDown_Is200AfterOneTry()
    {
        await using var host = await GatewayHost.StartAsync(("gone:Protocol", "http1"), ("gone:Addresses:0", "127.0.0.1:1"), ("gone:Pool:Min", "1"));
        using var client = Callers.Http1(host.Address);
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/ready")).IsSuccessStatusCode, "the host to be ready");
        Assert.True(host.Pool("gone").Totals.ConnectFailed > 0);
    }
}
