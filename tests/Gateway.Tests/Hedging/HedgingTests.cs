using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Faults;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Faults;

namespace OrleansPool.Gateway.Tests.Hedging;

/// <summary>An address that swallows calls, and another that answers, with each protocol: calls that may be done twice are all answered, and soon.</summary>
public class HedgingTests
{
    private const int Calls = 20;

    [Theory]
    [InlineData("tcp", "/")]
    [InlineData("jsonrpc", "/echo")]
    [InlineData("http1", "POST /")]
    [InlineData("grpc", "/echo.Echo/*")]
    public async Task CallsSwallowedAtOneAddress_AreAnsweredByTheOther(string protocol, string method)
    {
        await using var upstream = await EchoUpstream.StartAsync(protocol);
        await using var network = FaultProxy.Start(upstream.Address);
        await using var host = await GatewayHost.StartAsync(
        [
            ("echo:Addresses:0", network.Address), ("echo:Addresses:1", upstream.Address), ("echo:Pool:Min", "6"),
            ("echo:Hedging:Methods:0", method), ("echo:Hedging:Delay", "00:00:00.050"), .. EchoPeers.SettingsOf(protocol),
        ]);
        await Eventually.HoldsAsync(() => host.Pool("echo").Idle == 6, "connections to both");
        network.ToUpstream = new Toxic.BlackHole();
        using var caller = EchoCaller.Of(protocol, host);
        for (var n = 0; n < Calls; n++) Assert.Equal($"call {n}", await caller.CallAsync($"call {n}").InTime("an answer"));

        // What was cut goes back, too.
        await host.IsQuietAsync("echo");
        Assert.InRange(host.Calls("echo").HedgesWon, 1, Calls);
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task StreamNamedByMistake_BeginsBeforeItEnds_AndArrivesWhole(string protocol)
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var upstream = await WebUpstream.StartAsync(async context =>
        {
            var piece = new byte[5];
            await context.Request.Body.ReadExactlyAsync(piece);
            begun.SetResult();
            using var rest = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(Encoding.ASCII.GetString(piece) + await rest.ReadToEndAsync());
        });
        await using var host = await GatewayHost.StartAsync(
            ("echo:Protocol", protocol), ("echo:Addresses:0", protocol == "http1" ? upstream.Http1 : upstream.Http2), ("echo:Hedging:Methods:0", "POST /"), ("echo:Hedging:Delay", "00:00:00.001"));
        using var client = Callers.Http2(host.Address);
        var call = client.PostAsync("/e/echo/", new Pausing(goOn.Task));
        await begun.Task.InTime("the first piece at the upstream");
        goOn.SetResult();
        using var answer = await call.InTime("an answer");
        Assert.Equal("first, second", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, host.Calls("echo").Hedged);
    }

    private sealed class Pausing(Task goOn) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("first"u8.ToArray());
            await stream.FlushAsync();
            await goOn;
            await stream.WriteAsync(", second"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
