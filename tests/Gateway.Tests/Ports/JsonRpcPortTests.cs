using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.JsonRpc;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>A JSON-RPC endpoint's port, as a client sees it.</summary>
public class JsonRpcPortTests
{
    private const string Next = """{"jsonrpc":"2.0","method":"subtract","params":[3,2],"id":"next"}""";
    private const string NextAnswer = """{"jsonrpc":"2.0","result":1,"id":"next"}""";

    /// <summary>The examples of the specification's section 7. Errors are compared by code, as the texts of servers differ.</summary>
    public static TheoryData<string, string> Examples => new()
    {
        { """{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}""", """{"jsonrpc":"2.0","result":19,"id":1}""" },
        { """{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}""", """{"jsonrpc":"2.0","result":-19,"id":2}""" },
        { """{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}""", """{"jsonrpc":"2.0","result":19,"id":3}""" },
        { """{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}""", """{"jsonrpc":"2.0","result":19,"id":4}""" },
        { """{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}""", "" },
        { """{"jsonrpc": "2.0", "method": "foobar"}""", "" },
        { """{"jsonrpc": "2.0", "method": "foobar", "id": "1"}""", """{"jsonrpc":"2.0","error":-32601,"id":"1"}""" },
        { """{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]""", """{"jsonrpc":"2.0","error":-32700,"id":null}""" },
        { """{"jsonrpc": "2.0", "method": 1, "params": "bar"}""", """{"jsonrpc":"2.0","error":-32600,"id":null}""" },
        { """[ {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method" ]""", """{"jsonrpc":"2.0","error":-32700,"id":null}""" },
        { "[]", """{"jsonrpc":"2.0","error":-32600,"id":null}""" },
        { "[1]", """[{"jsonrpc":"2.0","error":-32600,"id":null}]""" },
        { "[1,2,3]", """[{"jsonrpc":"2.0","error":-32600,"id":null},{"jsonrpc":"2.0","error":-32600,"id":null},{"jsonrpc":"2.0","error":-32600,"id":null}]""" },
        {
            """[ {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}, {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"}, {"foo": "boo"}, {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"}, {"jsonrpc": "2.0", "method": "get_data", "id": "9"} ]""",
            """[{"jsonrpc":"2.0","result":7,"id":"1"},{"jsonrpc":"2.0","result":19,"id":"2"},{"jsonrpc":"2.0","error":-32600,"id":null},{"jsonrpc":"2.0","error":-32601,"id":"5"},{"jsonrpc":"2.0","result":["hello",5],"id":"9"}]"""
        },
        { """[ {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]}, {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]} ]""", "" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_OfTheSpecification_IsAnsweredAsItSays(string sent, string answer)
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync(sent);
        if (answer.Length > 0) Assert.Equal(answer, WithBareErrors(await caller.ReadLineAsync()));

        // The connection is still good, and there was no other answer.
        await caller.SendAsync(Next);
        Assert.Equal(NextAnswer, await caller.ReadLineAsync());
    }

    [Fact]
    public async Task Callers_ShareOneUpstreamConnection_AndAreAnsweredInAnyOrder()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var one = await Caller.ConnectAsync(host);
        using var other = await Caller.ConnectAsync(host);
        await one.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":1}""");
        var first = await HeldAsync(upstream);
        await other.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":1}""");
        var second = await HeldAsync(upstream);
        await one.SendAsync("""{"jsonrpc":"2.0","method":"subtract","params":[2,1],"id":1.50}""");
        Assert.Equal("""{"jsonrpc":"2.0","result":1,"id":1.50}""", await one.ReadLineAsync());
        await second("for other");
        Assert.Equal("""{"jsonrpc":"2.0","result":"for other","id":1}""", await other.ReadLineAsync());
        await first("for one");
        Assert.Equal("""{"jsonrpc":"2.0","result":"for one","id":1}""", await one.ReadLineAsync());
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task Ids_TheSameTwice_Null_AndOfAnotherType_EachComeBackAsTheyWereSent()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        string[] ids = ["7", "\"7\"", "null", "7", "7.0"];
        for (var at = 0; at < ids.Length; at++) await caller.SendAsync($$"""{"jsonrpc":"2.0","method":"sum","params":[{{at}}],"id":{{ids[at]}}}""");
        var answers = new List<string>();
        foreach (var _ in ids) answers.Add(await caller.ReadLineAsync());
        Assert.Equal(ids.Select((id, at) => $$"""{"jsonrpc":"2.0","result":{{at}},"id":{{id}}}""").Order(StringComparer.Ordinal), answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Batch_OfAThousand_IsAnsweredWhole_AndOneMore_IsRefused()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        var calls = Enumerable.Range(0, 1001).Select(at => string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","method":"sum","params":[{{at}},1],"id":{{at}}}""")).ToList();
        await caller.SendAsync($"[{string.Join(',', calls[..1000])}]");
        var answers = JsonNode.Parse(await caller.ReadLineAsync())!.AsArray();
        Assert.Equal(Enumerable.Range(0, 1000).Select(at => (at, at + 1)), answers.Select(answer => ((int)answer!["id"]!, (int)answer["result"]!)));
        await caller.SendAsync($"[{string.Join(',', calls)}]");
        Assert.Equal("""{"jsonrpc":"2.0","error":-32600,"id":null}""", WithBareErrors(await caller.ReadLineAsync()));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":[1],"id":1,"id":2}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]],"id":1}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":[1],"id":{}}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"sum","params":["Ã("],"id":1}""", -32700)]
    public async Task BadMessage_IsRefused_AndTheNextIsServed(string sent, int code)
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream, ("rpc:JsonRpc:MaxDepth", "16"));
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync(sent);
        Assert.Equal($$"""{"jsonrpc":"2.0","error":{{code}},"id":null}""", WithBareErrors(await caller.ReadLineAsync()));
        await caller.SendAsync(Next);
        Assert.Equal(NextAnswer, await caller.ReadLineAsync());
    }

    [Fact]
    public async Task AnswerFromACaller_IsPassedOver()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync("""{"jsonrpc":"2.0","result":1,"id":1}""");
        await caller.SendAsync(Next);
        Assert.Equal(NextAnswer, await caller.ReadLineAsync());
    }

    [Fact]
    public async Task MessageOverTheCap_IsRefused_AndTheCallerIsLetGo()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream, ("rpc:JsonRpc:MaxMessageBytes", "1024"));
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync(new string(' ', 500) + new string('1', 20_000));
        Assert.Equal("""{"jsonrpc":"2.0","error":-32600,"id":null}""", WithBareErrors(await caller.ReadLineAsync()));
        Assert.Null(await caller.TryReadLineAsync());
    }

    [Fact]
    public async Task CallerThatEndedItsSide_StillGetsItsAnswers_AndThenTheEnd()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":1}""");
        var held = await HeldAsync(upstream);
        caller.Peer.HalfClose();
        await held("late");
        Assert.Equal("""{"jsonrpc":"2.0","result":"late","id":1}""", await caller.ReadLineAsync());
        Assert.Null(await caller.TryReadLineAsync());
    }

    [Fact]
    public async Task CallerThatIsGone_EndsItsCalls()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":1}""");
        await HeldAsync(upstream);
        caller.Peer.Reset();
        await host.IsQuietAsync("rpc");
        Assert.Equal(1, host.Pool("rpc").Idle);
    }

    [Fact]
    public async Task FailureOfThePool_IsAnErrorObject_ThatNamesCodeStageAndParty()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":"mine"}""");
        await HeldAsync(upstream);
        upstream.Cut();
        var answer = JsonNode.Parse(await caller.ReadLineAsync())!;
        Assert.Equal(("mine", -32064), ((string)answer["id"]!, (int)answer["error"]!["code"]!));
        var data = answer["error"]!["data"]!;
        Assert.Equal(("UpstreamClosed", "Receive", "Upstream", false), ((string)data["orleanspool-error"]!, (string)data["orleanspool-stage"]!, (string)data["orleanspool-party"]!, (bool)data["retryable"]!));
    }

    [Fact]
    public async Task FullQueue_IsAnErrorObject_ThatMayBeRetried()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream, ("rpc:Pool:Min", "1"), ("rpc:Pool:Max", "1"), ("rpc:Pool:CallsPerChannel", "1"), ("rpc:Queue:MaxWaiters", "0"));
        await Eventually.HoldsAsync(() => host.Pool("rpc").Idle == 1, "a channel that needs no wait");
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":1}""");
        var held = await HeldAsync(upstream);
        await caller.SendAsync("""{"jsonrpc":"2.0","method":"sum","params":[1],"id":2}""");
        var answer = JsonNode.Parse(await caller.ReadLineAsync())!;
        Assert.Equal((2, -32020, true), ((int)answer["id"]!, (int)answer["error"]!["code"]!, (bool)answer["error"]!["data"]!["retryable"]!));
        await held(1);
        await caller.ReadLineAsync();
    }

    [Fact]
    public async Task CallerWithAllItsCallsUnderWay_IsNotReadFrom_UntilOneIsOver()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await GatewayHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection([new("OrleansPool:Gateway:MaxStreamsPerConnection", "1")]),
            ("rpc:Protocol", "jsonrpc"), ("rpc:Addresses:0", upstream.Address), ("rpc:Listen", "127.0.0.1:0"));
        using var greedy = await Caller.ConnectAsync(host);
        using var other = await Caller.ConnectAsync(host);
        await greedy.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":1}""");
        await greedy.SendAsync("""{"jsonrpc":"2.0","method":"hold","id":2}""");
        var first = await HeldAsync(upstream);
        await other.SendAsync(Next);
        Assert.Equal(NextAnswer, await other.ReadLineAsync());
        Assert.Equal((1, 0), (host.Pool("rpc").InFlight, upstream.Held.Count));
        await first(1);
        await (await HeldAsync(upstream))(2);
        Assert.Equal("""{"jsonrpc":"2.0","result":1,"id":1}""", await greedy.ReadLineAsync());
        Assert.Equal("""{"jsonrpc":"2.0","result":2,"id":2}""", await greedy.ReadLineAsync());
    }

    [Fact]
    public async Task HostStops_IdleCallersAreLetGo()
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(upstream);
        using var caller = await Caller.ConnectAsync(host);
        await caller.SendAsync(Next);
        await caller.ReadLineAsync();
        var stopping = host.StopAsync();
        Assert.Null(await caller.TryReadLineAsync());
        await stopping.InTime("the host to stop");
    }

    private static async Task<Func<JsonNode, Task>> HeldAsync(JsonRpcUpstream upstream)
    {
        Func<JsonNode, Task>? held = null;
        await Eventually.HoldsAsync(() => upstream.Held.TryDequeue(out held), "a call to be held at the upstream");
        return held!;
    }

    // An error's code stands for it, alone or in a batch.
    private static string WithBareErrors(string answer)
    {
        var json = JsonNode.Parse(answer)!;
        IEnumerable<JsonNode?> all = json is JsonArray batch ? batch : [json];
        foreach (var each in all)
        {
            if (each!["error"] is { } error) each["error"] = error["code"]!.DeepClone();
        }

        return json.ToJsonString(new JsonSerializerOptions());
    }

    private static Task<GatewayHost> StartAsync(JsonRpcUpstream upstream, params (string Key, string Value)[] settings) => GatewayHost.StartAsync(
        [("rpc:Protocol", "jsonrpc"), ("rpc:Addresses:0", upstream.Address), ("rpc:Listen", "127.0.0.1:0"), .. settings]);

    /// <summary>A client that sends and gets a line for each message.</summary>
    private sealed class Caller(TcpPeer peer) : IDisposable
    {
        public TcpPeer Peer => peer;

        public static async Task<Caller> ConnectAsync(GatewayHost host) => new(await TcpPeer.ConnectAsync(host.Port(0)));

        // One byte a character, so that a test can send what is no UTF-8.
        public Task SendAsync(string line) => peer.SendAsync($"{line}\n");

        public async Task<string> ReadLineAsync() => await TryReadLineAsync() ?? throw new InvalidOperationException("The connection ended instead of a line.");

        public async Task<string?> TryReadLineAsync() => await peer.ReadLineAsync();

        public void Dispose() => peer.Dispose();
    }
}
