using System.Net;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Http;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Pooling.Health;

/// <summary>What probes ask over real sockets, and how they take the answer.</summary>
public sealed class HealthProbeTests
{
    [Theory]
    [InlineData(200, null)]
    [InlineData(302, null)]
    [InlineData(404, "GET /health was answered by the status 404")]
    [InlineData(503, "GET /health was answered by the status 503")]
    public async Task Http_IsJudgedByTheStatus(int status, string? expected)
    {
        await using var upstream = Http1Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Http1);
        var check = Ask(new CheckOptions { Kind = CheckKind.Http, Path = "/health" }, channel);
        var request = await upstream.RequestAsync();
        Assert.StartsWith("GET /health ", request.Line, StringComparison.Ordinal);
        await request.AnswerAsync(status);
        Assert.Equal(expected, await check.InTime("the verdict"));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 8, 1 }, null)]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 8, 2 }, "grpc.health.v1 says NOT_SERVING")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "grpc.health.v1 says UNKNOWN")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 8, 9 }, "grpc.health.v1 says something else")]
    public async Task Grpc_IsJudgedByTheState(byte[] answer, string? expected)
    {
        await using var upstream = Http2Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Grpc);
        var check = Ask(new CheckOptions { Kind = CheckKind.Grpc, Service = "ab" }, channel);
        var call = await (await upstream.ConnectionAsync()).CallAsync();
        Assert.Equal("2000m", call["grpc-timeout"]);
        Assert.Equal([0, 0, 0, 0, 4, 0x0a, 2, (byte)'a', (byte)'b'], await call.BodyAsync());
        await call.HeadAsync();
        await call.DataAsync(answer);
        await call.TrailersAsync(("grpc-status", "0"));
        Assert.Equal(expected, await check.InTime("the verdict"));
    }

    [Fact]
    public async Task Grpc_WithoutTheService_IsToldSo()
    {
        await using var upstream = Http2Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Grpc);
        var check = Ask(new CheckOptions { Kind = CheckKind.Grpc }, channel);
        await (await (await upstream.ConnectionAsync()).CallAsync()).HeadOnlyAsync(("grpc-status", "12"));
        Assert.Equal("grpc.health.v1 Check ended with the status 12: the server has no such service", await check.InTime("the verdict"));
    }

    [Fact]
    public async Task Connect_AsksNothing_AndFindsAConnectionThatThePeerClosed()
    {
        await using var upstream = Http1Upstream.Start();
        using var channel = await OpenAsync(upstream.Address, Protocol.Http1);
        Assert.Null(await Ask(new CheckOptions { Kind = CheckKind.Connect }, channel));
        await upstream.DisposeAsync();
        await Eventually.HoldsAsync(async () => await Ask(new CheckOptions { Kind = CheckKind.Connect }, channel) is not null, "the check to find the end");
        Assert.Equal(0, upstream.Requests);
    }

    private static Task<string?> Ask(CheckOptions options, TransportChannel channel) => HealthProbe.Of(options)!.CheckAsync(channel, default).AsTask();

    private static async Task<TransportChannel> OpenAsync(string address, Protocol protocol)
    {
        var endPoint = IPEndPoint.Parse(address);
        var transport = new HttpTransport(new HttpTransportSettings { Protocol = protocol, Tls = new TlsOptions() });
        var result = await transport.ConnectAsync(new ResolvedAddress(new UpstreamAddress(endPoint.Address.ToString(), endPoint.Port), endPoint), default);
        return result.Channel!;
    }
}
