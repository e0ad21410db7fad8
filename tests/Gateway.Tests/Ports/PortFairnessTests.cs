using System.Net;
using OrleansPool.Gateway.Ports;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>A queue that is fair to the callers of an endpoint's own port, who are the addresses that they come from.</summary>
public class PortFairnessTests
{
    private static readonly (string Key, string Value)[] _framed = [("any:Protocol", "tcp"), ("any:Tcp:Mode", "framed"), ("any:Tcp:Framing", "delimiter"), ("any:Tcp:Delimiter", "\\n")];
    private static readonly (string Key, string Value)[] _jsonRpc = [("any:Protocol", "jsonrpc"), ("any:Pool:CallsPerChannel", "1")];

    public static TheoryData<string> Protocols => ["tcp", "jsonrpc"];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task GreedyAddress_WithManyConnections_DoesNotKeepAnotherWaiting(string protocol)
    {
        await using var test = await PortUnderTest.StartAsync(protocol, ("any:Queue:Fairness:ByClientId", "true"));
        Assert.Equal(["first", "greedy 0", "other", "greedy 1", "greedy 2"], await test.OrderOfAsync());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task WithoutFairness_WhoeverComesFirstIsServedFirst(string protocol)
    {
        await using var test = await PortUnderTest.StartAsync(protocol);
        Assert.Equal(["first", "greedy 0", "greedy 1", "greedy 2", "other"], await test.OrderOfAsync());
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    public void Name_OfAnAddress_IsItself_OrTheNetworkOfOneMachine(string address, string name) => Assert.Equal(name, CallerAddress.NameOf(IPAddress.Parse(address)));

    /// <summary>A port with room for one call at a time.</summary>
    private sealed class PortUnderTest(TcpUpstream upstream, GatewayHost host, string protocol) : IAsyncDisposable
    {
        public static async Task<PortUnderTest> StartAsync(string protocol, params (string Key, string Value)[] settings)
        {
            var upstream = TcpUpstream.Start();
            var host = await GatewayHost.StartAsync(
                [("any:Addresses:0", upstream.Address), ("any:Listen", "127.0.0.1:0"), ("any:Pool:Max", "1"), .. protocol == "tcp" ? _framed : _jsonRpc, .. settings]);
            return new PortUnderTest(upstream, host, protocol);
        }

        /// <summary>Has one call under way, three of a greedy address wait behind it, and then one of another; says in which order the upstream sees them.</summary>
        public async Task<IReadOnlyList<string>> OrderOfAsync()
        {
            using var first = await CallAsync("first", "127.0.0.2");
            var peer = await upstream.ConnectionAsync();
            List<TcpPeer> callers = [];
            for (var n = 0; n < 3; n++) callers.Add(await WaitAsync($"greedy {n}", "127.0.0.3", n + 1));
            callers.Add(await WaitAsync("other", "127.0.0.4", 4));
            var seen = new List<string>();
            for (var n = 0; n < 5; n++) seen.Add(await ServeAsync(peer));
            callers.ForEach(caller => caller.Dispose());
            return seen;
        }

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            await upstream.DisposeAsync();
        }

        private async Task<TcpPeer> WaitAsync(string word, string from, int waiting)
        {
            var caller = await CallAsync(word, from);
            await Eventually.HoldsAsync(() => host.Pool("any").Waiting == waiting, $"{waiting} calls to wait");
            return caller;
        }

        private async Task<TcpPeer> CallAsync(string word, string from)
        {
            var caller = await TcpPeer.ConnectAsync(host.Port(0), from);
            await caller.SendAsync(protocol == "tcp" ? $"{word}\n" : $$"""{"jsonrpc":"2.0","method":"{{word}}","id":1}""" + "\n");
            return caller;
        }

        // Takes the next call and answers it; its word.
        private async Task<string> ServeAsync(TcpPeer peer)
        {
            var line = (await peer.ReadLineAsync())!;
            if (protocol == "tcp")
            {
                await peer.SendAsync("done\n");
                return line;
            }

            using var call = System.Text.Json.JsonDocument.Parse(line);
            await peer.SendAsync($$"""{"jsonrpc":"2.0","result":1,"id":{{call.RootElement.GetProperty("id").GetRawText()}}}""" + "\n");
            return call.RootElement.GetProperty("method").GetString()!;
        }
    }
}
