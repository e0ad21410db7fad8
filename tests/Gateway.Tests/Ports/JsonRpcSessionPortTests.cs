using System.Text.Json.Nodes;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>A JSON-RPC endpoint's port where each caller has a connection upstream for itself: what the upstream sends unasked is for it.</summary>
public class JsonRpcSessionPortTests
{
    private const string Call = """{"jsonrpc":"2.0","method":"sum","params":[1],"id":1}""";
    private const string Answer = """{"jsonrpc":"2.0","result":1,"id":1}""";

    [Fact]
    public async Task NotificationsOfTheUpstream_ReachTheirOwnCallers()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (one, toOne) = await ConnectAsync(host, upstream);
        var (other, toOther) = await ConnectAsync(host, upstream);
        for (var n = 0; n < 5; n++)
        {
            await toOne.SendAsync(Line($$"""{"jsonrpc":"2.0","method":"news","params":["one",{{n}}]}"""));
            await toOther.SendAsync(Line($$"""{"jsonrpc":"2.0","method":"news","params":["other",{{n}}]}"""));
        }

        for (var n = 0; n < 5; n++)
        {
            await one.ExpectAsync(Line($$"""{"jsonrpc":"2.0","method":"news","params":["one",{{n}}]}"""));
            await other.ExpectAsync(Line($$"""{"jsonrpc":"2.0","method":"news","params":["other",{{n}}]}"""));
        }

        Assert.Equal((2, 2), (upstream.Accepted, host.Pool("rpc").Busy));
        one.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task RequestOfTheUpstream_IsAskedAndAnswered_UnderItsOwnId()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await PassesAsync(caller, peer, Call);
        await PassesAsync(peer, caller, """{"jsonrpc":"2.0","method":"window/ask","params":{"x":[1]},"id":"mine"}""");
        await PassesAsync(caller, peer, """{"jsonrpc":"2.0","result":null,"id":"mine"}""");
        await PassesAsync(peer, caller, Answer);
        caller.Dispose();
    }

    [Fact]
    public async Task Messages_PassAsTheyAre_InTheirOrder_AlsoCancellationsAndBatches()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await PassesAsync(caller, peer, """{"jsonrpc":"2.0","method":"hold","id":1.50}""");
        await PassesAsync(caller, peer, """{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1.50}}""");
        await PassesAsync(caller, peer, """[{"jsonrpc":"2.0","method":"sum","id":"a"},{"jsonrpc":"2.0","method":"note"},1]""");
        await PassesAsync(peer, caller, """[{"jsonrpc":"2.0","error":{"code":-32600,"message":"no"},"id":null},{"jsonrpc":"2.0","result":1,"id":"a"}]""");
        await PassesAsync(peer, caller, """{"jsonrpc":"2.0","error":{"code":-32800,"message":"cancelled"},"id":1.5}""");
        caller.Dispose();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","method":1,"id":1}""", -32600)]
    [InlineData("[]", -32600)]
    public async Task BadMessage_IsRefused_AndNothingOfItReachesTheUpstream(string sent, int code)
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await caller.SendAsync(Line(sent));
        var refusal = JsonNode.Parse((await caller.ReadLineAsync())!)!;
        Assert.Equal((code, null), ((int)refusal["error"]!["code"]!, refusal["id"]));
        await PassesAsync(caller, peer, Call);
        caller.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UpstreamGone_TheOpenCallsAreTold_AndTheCallerIsLetGo(bool isReset)
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await PassesAsync(caller, peer, Call);
        await PassesAsync(caller, peer, """{"jsonrpc":"2.0","method":"sum","id":"\u0062"}""");
        await PassesAsync(peer, caller, Answer);
        if (isReset) peer.Reset();
        else peer.Dispose();
        var told = JsonNode.Parse((await caller.ReadLineAsync())!)!;
        Assert.Equal(("b", -32064, false), ((string)told["id"]!, (int)told["error"]!["code"]!, (bool)told["error"]!["data"]!["retryable"]!));
        Assert.Null(await caller.ReadLineAsync());
        await host.IsQuietAsync("rpc");
        Assert.Equal(0, host.Pool("rpc").Connections);
    }

    [Fact]
    public async Task WhatIsNoJsonRpc_EndsTheSession()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await PassesAsync(caller, peer, Call);
        await peer.SendAsync("garbage\n");
        var told = JsonNode.Parse((await caller.ReadLineAsync())!)!;
        Assert.Equal((1, -32065), ((int)told["id"]!, (int)told["error"]!["code"]!));
        Assert.Null(await caller.ReadLineAsync());
        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task CallerEndsItsSide_GetsItsAnswers_AndThenBothAreEnded()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await PassesAsync(caller, peer, Call);
        caller.HalfClose();
        await PassesAsync(peer, caller, """{"jsonrpc":"2.0","method":"news"}""");
        await PassesAsync(peer, caller, Answer);
        await peer.ExpectEndAsync();
        peer.Dispose();
        await caller.ExpectEndAsync();
        await host.IsQuietAsync("rpc");
    }

    [Fact]
    public async Task CallerEnds_AndTheUpstreamNever_TheSessionEndsAllTheSame()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        caller.HalfClose();
        await peer.ExpectEndAsync();
        await caller.ExpectEndAsync();
        await peer.ExpectClosedAsync();
        await host.IsQuietAsync("rpc");
    }

    [Fact]
    public async Task CallerResets_ItsUpstreamConnectionCloses()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        await PassesAsync(caller, peer, Call);
        caller.Reset();
        await peer.ExpectClosedAsync();
        await host.IsQuietAsync("rpc");
    }

    [Fact]
    public async Task NoConnectionToBeHad_IsToldWithTheFirstRequest()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream, ("rpc:Pool:Max", "1"), ("rpc:Queue:MaxWaiters", "0"), ("rpc:Pool:Min", "1"));
        await Eventually.HoldsAsync(() => host.Pool("rpc").Idle == 1, "a channel that needs no wait");
        var (first, peer) = await ConnectAsync(host, upstream);
        using var second = await TcpPeer.ConnectAsync(host.Port(0));
        await Eventually.HoldsAsync(() => host.Pool("rpc").Totals.Refused == 1, "the second to be refused");
        await second.SendAsync(Line(Call));
        var told = JsonNode.Parse((await second.ReadLineAsync())!)!;
        Assert.Equal((1, -32020, true), ((int)told["id"]!, (int)told["error"]!["code"]!, (bool)told["error"]!["data"]!["retryable"]!));
        Assert.Null(await second.ReadLineAsync());
        first.Dispose();
        peer.Dispose();
    }

    [Fact]
    public async Task MessagesLargerThanTheBuffers_PassBothWays()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(upstream);
        var (caller, peer) = await ConnectAsync(host, upstream);
        var text = new string('x', 2_000_000);
        var sending = caller.SendAsync(Line($$"""{"jsonrpc":"2.0","method":"echo","params":["{{text}}"],"id":1}"""));
        await peer.ExpectAsync(Line($$"""{"jsonrpc":"2.0","method":"echo","params":["{{text}}"],"id":1}"""));
        await sending;
        var replying = peer.SendAsync(Line($$"""{"jsonrpc":"2.0","result":"{{text}}","id":1}"""));
        await caller.ExpectAsync(Line($$"""{"jsonrpc":"2.0","result":"{{text}}","id":1}"""));
        await replying;
        caller.Dispose();
    }

    private static string Line(string message) => $"{message}\n";

    private static async Task PassesAsync(TcpPeer from, TcpPeer to, string message)
    {
        await from.SendAsync(Line(message));
        await to.ExpectAsync(Line(message));
    }

    // A caller, and the upstream's end of its session.
    private static async Task<(TcpPeer Caller, TcpPeer Upstream)> ConnectAsync(GatewayHost host, TcpUpstream upstream) =>
        (await TcpPeer.ConnectAsync(host.Port(0)), await upstream.ConnectionAsync());

    private static Task<GatewayHost> StartAsync(TcpUpstream upstream, params (string Key, string Value)[] settings) => GatewayHost.StartAsync(
        [("rpc:Protocol", "jsonrpc"), ("rpc:Addresses:0", upstream.Address), ("rpc:Listen", "127.0.0.1:0"), ("rpc:JsonRpc:Mode", "session"), .. settings]);
}
