using System.Text.Json;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealJsonRpc;

/// <summary>Clients and servers written by others, at both ends of the pool.</summary>
public class RealPeersTests
{
    [SkippableTheory]
    [InlineData("jayson", "newline")]
    [InlineData("vscode", "content-length")]
    public async Task ClientAndServer_OfTheSameLibrary_NoticeNothingOfThePool(string library, string framing)
    {
        await using var server = NodeProcess.Start("server.js", library);
        var port = (await server.ReadLineAsync("the server's port")).Split(' ')[1];
        await using var host = await GatewayHost.StartAsync(
            ("rpc:Protocol", "jsonrpc"), ("rpc:Addresses:0", $"127.0.0.1:{port}"), ("rpc:Listen", "127.0.0.1:0"), ("rpc:JsonRpc:Framing", framing), ("rpc:Pool:Max", "2"));
        await using var client = NodeProcess.Start("client.js", library, host.Port(0).Split(':')[1]);
        using var seen = JsonDocument.Parse(await client.ReadLineAsync("what the client saw"));

        Assert.Equal(19, seen.RootElement.GetProperty("subtract").GetProperty("result").GetInt32());
        Assert.Equal(200, seen.RootElement.GetProperty("right").GetInt32());
        Assert.Equal("""{"code":-32050,"message":"as asked","data":{"id":"not an id","deep":[1,null]}}""", seen.RootElement.GetProperty("fail").GetRawText());
        Assert.Equal(-32601, seen.RootElement.GetProperty("unknown").GetProperty("code").GetInt32());
        if (library == "jayson") Assert.Equal("[2,-32050] True", $"{seen.RootElement.GetProperty("batch").GetRawText()} {seen.RootElement.GetProperty("sameIds").GetBoolean()}");

        // The client of jayson opens a connection for each request; upstream they share two.
        await AssertToldAsync(server, library == "jayson" ? ["note hello", "note batched"] : ["note hello"]);
        await host.IsQuietAsync("rpc");
    }

    [SkippableFact]
    public async Task Sessions_OfVscodeJsonRpc_GetWhatTheServerSendsThem_AndAreAsked_AndMayCancel()
    {
        await using var server = NodeProcess.Start("server.js", "vscode");
        var port = (await server.ReadLineAsync("the server's port")).Split(' ')[1];
        await using var host = await GatewayHost.StartAsync(
            ("rpc:Protocol", "jsonrpc"), ("rpc:Addresses:0", $"127.0.0.1:{port}"), ("rpc:Listen", "127.0.0.1:0"), ("rpc:JsonRpc:Framing", "content-length"), ("rpc:JsonRpc:Mode", "session"));
        await using var client = NodeProcess.Start("client.js", "sessions", host.Port(0).Split(':')[1]);
        var seen = JsonSerializer.Deserialize<string[]>(await client.ReadLineAsync("what the client saw"))!;
        Assert.Equal(["one", "other"], seen.Select(one => one.Split(' ')[0]));
        Assert.All(seen, one => Assert.Equal($"{Name(one)} was asked about {Name(one)}, {Name(one)} 0, {Name(one)} 1, {Name(one)} 2, -32800", one));
        await host.IsQuietAsync("rpc");

        static string Name(string seen) => seen.Split(' ')[0];
    }

    private static async Task AssertToldAsync(ScriptProcess server, string[] notes)
    {
        var told = new List<string>();
        await Eventually.HoldsAsync(
            () =>
            {
                told.AddRange(server.ReadSoFar());
                return notes.All(told.Contains);
            },
            $"the server tells of {string.Join(", ", notes)}");
        Assert.InRange(told.Count(line => line == "connection"), 1, 2);
    }
}
