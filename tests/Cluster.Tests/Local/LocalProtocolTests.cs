using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.JsonRpc;
using OrleansPool.Client.Tcp;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.JsonRpc;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>The TCP and JSON-RPC clients of a process that holds the connections itself: what they do, they do without a grain call.</summary>
public sealed class LocalProtocolTests : IAsyncLifetime
{
    private readonly GrainCallLog _grainCalls = new();
    private readonly TcpUpstream _lines = TcpUpstream.Start();
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
    public async Task Exchanges_OnceThereIsAShare_GoOverOneConnectionOfTheClient_ByAndBy()
    {
        using var peer = await HoldLinesAsync();
        for (var number = 0; number < 5; number++) Assert.Equal($"reply {number}\n", await ExchangeAsync(peer, $"ask {number}\n", $"reply {number}\n"));
        AssertOwn("lines", calls: 5);
    }

    [Fact]
    public async Task Exchange_WhoseConnectionCloses_IsToldAsMaybeSent()
    {
        var peer = await HoldLinesAsync();
        var call = Lines.ExchangeAsync(new ReadOnlySequence<byte>("ask\n"u8.ToArray()));
        await peer.ExpectAsync("ask\n");
        peer.Dispose();
        var failed = await Assert.ThrowsAsync<PoolCallException>(() => call.InTime("the failure"));
        Assert.Equal((FailureCode.UpstreamClosed, false), (failed.Failure.Code, failed.IsRetryable));
    }

    [Fact]
    public async Task Session_BytesPassBothWays_AndItsConnectionIsUsedAgain()
    {
        using var peer = await HoldLinesAsync();
        await using (var session = await Lines.OpenSessionAsync().InTime("a session"))
        {
            await session.AsStream().WriteAsync("ask\n"u8.ToArray()).AsTask().InTime("room");
            await peer.ExpectAsync("ask\n");
            await peer.SendAsync("reply\n");
            var reply = new byte[6];
            await session.AsStream().ReadExactlyAsync(reply).AsTask().InTime("the reply");
            Assert.Equal("reply\n"u8, reply);
            Assert.Equal(1, _client.Pool("lines").InFlight);
            var ending = session.DisposeAsync().AsTask();
            await peer.ExpectAsync("reset\n");
            await peer.SendAsync("done\n");
            await ending.InTime("the session's end");
        }

        Assert.Equal("yes\n", await ExchangeAsync(peer, "next\n", "yes\n"));
        AssertOwn("lines", calls: 2);
    }

    [Fact]
    public async Task JsonRpcCalls_OnceThereIsAShare_ShareConnectionsOfTheClient()
    {
        await HoldJsonRpcAsync();
        var sums = Enumerable.Range(0, 100).Select(at => JsonRpc.CallAsync<int>("sum", new[] { at, 1 }));
        Assert.Equal(Enumerable.Range(1, 100), await Task.WhenAll(sums).InTime("all results"));
        AssertOwn("rpc", calls: 100);
    }

    [Fact]
    public async Task JsonRpcErrorAndNotification_PassAsTheyDoThroughTheCluster()
    {
        await HoldJsonRpcAsync();
        var thrown = await Assert.ThrowsAsync<JsonRpcErrorException>(() => JsonRpc.CallAsync<int>("no/such").InTime("an error"));
        Assert.Equal((-32601, "Method not found", "no/such"), (thrown.Code, thrown.Message, thrown.ErrorData?.GetString()));
        await JsonRpc.NotifyAsync("seen/locally", new[] { 1 }).InTime("the notification to be sent");
        await Eventually.HoldsAsync(() => _jsonRpc.Notified.Contains("seen/locally"), "the notification to arrive");
        AssertOwn("rpc", calls: 2);
    }

    // The call that asks for the share goes through the cluster, over a connection of the silo.
    private async Task<TcpPeer> HoldLinesAsync()
    {
        var first = Lines.ExchangeAsync(new ReadOnlySequence<byte>("first\n"u8.ToArray()));
        var throughSilo = await _lines.ConnectionAsync();
        await throughSilo.ExpectAsync("first\n");
        await HasAShareAsync("lines");
        await throughSilo.SendAsync("reply\n");
        await first.InTime("the first reply");
        var own = Lines.ExchangeAsync(new ReadOnlySequence<byte>("own\n"u8.ToArray()));
        var peer = await _lines.ConnectionAsync();
        await peer.ExpectAsync("own\n");
        await peer.SendAsync("reply\n");
        await own.InTime("the reply over its own connection");
        Begin("lines");
        return peer;
    }

    private async Task HoldJsonRpcAsync()
    {
        await JsonRpc.CallAsync<int>("sum", new[] { 1, 1 }).InTime("a result through the cluster");
        await HasAShareAsync("rpc");
        Begin("rpc");
    }

    private Task HasAShareAsync(string endpoint) => Eventually.HoldsAsync(() => _client.Pool(endpoint).Limit > 0, "the client to get a share");

    private long _before;

    private void Begin(string endpoint)
    {
        _before = _client.Pool(endpoint).Totals.Acquired;
        _grainCalls.Take();
    }

    private void AssertOwn(string endpoint, int calls)
    {
        Assert.Empty(_grainCalls.Take());
        Assert.Equal(calls, _client.Pool(endpoint).Totals.Acquired - _before);
    }

    private async Task<string> ExchangeAsync(TcpPeer peer, string frame, string reply)
    {
        var call = Lines.ExchangeAsync(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(frame)));
        await peer.ExpectAsync(frame);
        await peer.SendAsync(reply);
        return Encoding.ASCII.GetString((await call.InTime("the reply")).Span);
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
