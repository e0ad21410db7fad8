using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.JsonRpc;
using OrleansPool.Client.Tcp;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.JsonRpc;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>The TCP and JSON-RPC clients of a process that holds the connections itself: what they do, they do without a grain call.</summary>
public sealed class LocalProtocolTests : IAsyncLifetime
{
    private readonly GrainCallLog _grainCalls = new();
    private readonly LineEcho _lines = new();
    private readonly JsonRpcUpstream _jsonRpc = new();
    private TestSilos _silos = null!;
    private PoolClient _client = null!;

    private OrleansPoolClient Pool => _client.Services.GetRequiredService<OrleansPoolClient>();

    private TcpEndpointClient Lines => Pool.CreateTcpClient("lines");

    private JsonRpcClient JsonRpc => Pool.CreateJsonRpcClient("rpc");

    public async Task InitializeAsync()
    {
        _silos = await TestSilos.StartAsync(1, _ => [.. OfUpstreams(), .. OfLimit("lines"), .. OfLimit("rpc")], _grainCalls.ListenTo);
        _client = await PoolClient.HoldAsync(_silos.Address, [.. OfUpstreams()]);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _silos.DisposeAsync();
        await _jsonRpc.DisposeAsync();
        await _lines.DisposeAsync();
    }

    [Fact]
    public async Task Exchanges_OnceThereIsAShare_GoOverOneConnectionOfTheClient()
    {
        var before = await HoldAsync("lines", () => ExchangeAsync("first"));
        for (var number = 0; number < 5; number++) Assert.Equal($"re: {number}\n", await ExchangeAsync($"{number}"));
        AssertOwn("lines", before + 5);
        Assert.Equal(1, _client.Pool("lines").Connections);
    }

    [Fact]
    public async Task Exchange_WhoseConnectionCloses_IsToldAsMaybeSent()
    {
        await HoldAsync("lines", () => ExchangeAsync("first"));
        var failed = await Assert.ThrowsAsync<PoolCallException>(() => ExchangeAsync("hang up"));
        Assert.Equal((FailureCode.UpstreamClosed, false), (failed.Failure.Code, failed.IsRetryable));
        Assert.Empty(_grainCalls.Take());
    }

    [Fact]
    public async Task Session_BytesPassBothWays_AndItsConnectionIsUsedAgain()
    {
        var before = await HoldAsync("lines", () => ExchangeAsync("first"));
        await using (var session = await Lines.OpenSessionAsync().InTime("a session"))
        {
            await session.AsStream().WriteAsync("ask\n"u8.ToArray()).AsTask().InTime("room");
            var reply = new byte[8];
            await session.AsStream().ReadExactlyAsync(reply).AsTask().InTime("the reply");
            Assert.Equal("re: ask\n"u8, reply);
            Assert.Equal(1, _client.Pool("lines").InFlight);
        }

        Assert.Equal("re: next\n", await ExchangeAsync("next"));
        AssertOwn("lines", before + 2);
        Assert.Equal(1, _client.Pool("lines").Connections);
    }

    [Fact]
    public async Task Session_UpstreamEndsItsSide_TheCallerGoesOnSending()
    {
        await HoldAsync("lines", () => ExchangeAsync("first"));
        var session = await Lines.OpenSessionAsync().InTime("a session");
        await session.Output.WriteAsync("your turn\n"u8.ToArray()).AsTask().InTime("room");
        Assert.Equal("", await new StreamReader(session.Input.AsStream(leaveOpen: true)).ReadToEndAsync().InTime("the upstream's end"));
        await session.Output.WriteAsync("a late word, "u8.ToArray()).AsTask().InTime("room");
        await session.Output.WriteAsync("and the last"u8.ToArray()).AsTask().InTime("room");
        await session.DisposeAsync().AsTask().InTime("the session's end");
        await Eventually.HoldsAsync(() => _lines.Heard.Contains("a late word, and the last", StringComparer.Ordinal), "all that was written to arrive");
        await Eventually.HoldsAsync(() => _client.Pool("lines").InFlight == 0, "the permit to be free");
        Assert.Empty(_grainCalls.Take());
    }

    [Fact]
    public async Task JsonRpcCalls_OnceThereIsAShare_ShareConnectionsOfTheClient()
    {
        var before = await HoldAsync("rpc", () => JsonRpc.CallAsync<int>("sum", new[] { 1, 1 }));
        var sums = Enumerable.Range(0, 100).Select(at => JsonRpc.CallAsync<int>("sum", new[] { at, 1 }));
        Assert.Equal(Enumerable.Range(1, 100), await Task.WhenAll(sums).InTime("all results"));
        AssertOwn("rpc", before + 100);
    }

    [Fact]
    public async Task JsonRpcErrorAndNotification_PassAsTheyDoThroughTheCluster()
    {
        var before = await HoldAsync("rpc", () => JsonRpc.CallAsync<int>("sum", new[] { 1, 1 }));
        var thrown = await Assert.ThrowsAsync<JsonRpcErrorException>(() => JsonRpc.CallAsync<int>("no/such").InTime("an error"));
        Assert.Equal((-32601, "Method not found", "no/such"), (thrown.Code, thrown.Message, thrown.ErrorData?.GetString()));
        await JsonRpc.NotifyAsync("seen/locally", new[] { 1 }).InTime("the notification to be sent");
        await Eventually.HoldsAsync(() => _jsonRpc.Notified.Contains("seen/locally"), "the notification to arrive");
        AssertOwn("rpc", before + 2);
    }

    // Calls until the client has a share and a connection of its own. Returns the calls that it made over that.
    private async Task<long> HoldAsync(string endpoint, Func<Task> call)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                await call().InTime("an answer");
                return _client.Pool(endpoint) is { Limit: > 0, Totals.Acquired: > 0, InFlight: 0 };
            },
            "the client to get a share");
        _grainCalls.Take();
        return _client.Pool(endpoint).Totals.Acquired;
    }

    private void AssertOwn(string endpoint, long calls)
    {
        Assert.Empty(_grainCalls.Take());
        Assert.Equal(calls, _client.Pool(endpoint).Totals.Acquired);
    }

    private async Task<string> ExchangeAsync(string line)
    {
        var frame = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes($"{line}\n"));
        return Encoding.ASCII.GetString((await Lines.ExchangeAsync(frame).InTime("the reply")).Span);
    }

    private IEnumerable<(string Key, string Value)> OfUpstreams() =>
    [
        ("Endpoints:lines:Protocol", "tcp"),
        ("Endpoints:lines:Addresses:0", _lines.Address),
        ("Endpoints:lines:Tcp:Framing", "delimiter"),
        ("Endpoints:lines:Tcp:Delimiter", "\\n"),
        ("Endpoints:lines:Tcp:Reset:Send", "reset\\n"),
        ("Endpoints:lines:Tcp:Reset:Expect", "done\\n"),
        ("Endpoints:rpc:Protocol", "jsonrpc"),
        ("Endpoints:rpc:Addresses:0", _jsonRpc.Address),
    ];

    private static IEnumerable<(string Key, string Value)> OfLimit(string endpoint) =>
    [
        ($"Endpoints:{endpoint}:Pool:Max", "20"),
        ($"Endpoints:{endpoint}:Limits:Mode", "enforce"),
        ($"Endpoints:{endpoint}:Limits:Law", "fixed"),
        ($"Endpoints:{endpoint}:Limits:Max", "20"),
    ];
}
