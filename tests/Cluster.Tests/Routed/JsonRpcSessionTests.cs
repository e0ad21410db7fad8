using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.Tcp;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>
/// JSON-RPC sessions of the .NET client, through a silo and over connections of its own: a stream for any library, on which the upstream may speak first.
/// </summary>
public sealed class JsonRpcSessionTests : IAsyncLifetime
{
    private const string Endpoint = "quotes";

    private readonly TcpUpstream _upstream = TcpUpstream.Start();
    private TestSilos _silos = null!;

    public async Task InitializeAsync() => _silos = await TestSilos.StartAsync(1, _ => [.. OfUpstream(), ($"Endpoints:{Endpoint}:Pool:Min", "0"), ($"Endpoints:{Endpoint}:Pool:Max", "20")]);

    public async Task DisposeAsync()
    {
        await _silos.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sessions_EachHasItsOwnConnection_AndBothSidesMayAsk(bool isLocal)
    {
        await using var client = await ConnectAsync(isLocal);
        var (one, toOne) = await OpenAsync(client);
        var (other, toOther) = await OpenAsync(client);
        foreach (var (session, peer, name) in new[] { (one, toOne, "one"), (other, toOther, "other") })
        {
            await PassesDownAsync(peer, session, $$"""{"jsonrpc":"2.0","method":"news","params":["{{name}}"]}""");
            await PassesUpAsync(session, peer, $$"""{"jsonrpc":"2.0","method":"price","params":["{{name}}"],"id":1.50}""");
            await PassesDownAsync(peer, session, """{"jsonrpc":"2.0","method":"window/ask","id":"mine"}""");
            await PassesUpAsync(session, peer, """{"jsonrpc":"2.0","result":null,"id":"mine"}""");
            await PassesDownAsync(peer, session, """{"jsonrpc":"2.0","result":7,"id":1.50}""");
        }

        await EndAsync(one, toOne);
        await PassesDownAsync(toOther, other, """{"jsonrpc":"2.0","method":"news","params":["still there"]}""");
        await EndAsync(other, toOther);
        if (isLocal) await Eventually.HoldsAsync(() => client.Pool(Endpoint).InFlight == 0, "the permits to be free");
        else await _silos.AreQuietAsync(Endpoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SingleCall_WhereCallersHaveAConnectionEach_IsRefused_AndSaysWhatToDo(bool isLocal)
    {
        await using var client = await ConnectAsync(isLocal);
        var rpc = client.Services.GetRequiredService<OrleansPoolClient>().CreateJsonRpcClient(Endpoint);
        var refused = await Assert.ThrowsAsync<PoolCallException>(() => rpc.CallAsync<int>("sum", new[] { 1 }).InTime("the refusal"));
        Assert.Equal(FailureCode.RequestInvalid, refused.Failure.Code);
        Assert.Contains("JsonRpc:Mode = session", refused.Failure.Detail, StringComparison.Ordinal);
    }

    private async Task<PoolClient> ConnectAsync(bool isLocal)
    {
        if (!isLocal) return await PoolClient.ConnectAsync(_silos.Address);
        var client = await PoolClient.HoldAsync(_silos.Address, [.. OfUpstream()]);
        await Eventually.HoldsAsync(
            async () =>
            {
                var (session, peer) = await OpenAsync(client);
                await EndAsync(session, peer);
                return client.Pool(Endpoint) is { Limit: > 0, Totals.Acquired: > 0 };
            },
            "a session over a connection of the client's own");
        return client;
    }

    // A session, and the upstream's end of it. Opened one after the other: each new connection is the last session's.
    private async Task<(TcpSession Session, TcpPeer Upstream)> OpenAsync(PoolClient client)
    {
        var session = await client.Services.GetRequiredService<OrleansPoolClient>().CreateTcpClient(Endpoint).OpenSessionAsync().InTime("a session");
        return (session, await _upstream.ConnectionAsync());
    }

    private static async Task PassesUpAsync(TcpSession session, TcpPeer peer, string message)
    {
        await session.AsStream().WriteAsync(Encoding.UTF8.GetBytes($"{message}\n")).AsTask().InTime("room");
        await peer.ExpectAsync($"{message}\n");
    }

    private static async Task PassesDownAsync(TcpPeer peer, TcpSession session, string message)
    {
        await peer.SendAsync($"{message}\n");
        var bytes = new byte[message.Length + 1];
        await session.AsStream().ReadExactlyAsync(bytes).AsTask().InTime(message);
        Assert.Equal($"{message}\n", Encoding.UTF8.GetString(bytes));
    }

    private static async Task EndAsync(TcpSession session, TcpPeer peer)
    {
        var ending = session.DisposeAsync().AsTask();
        await peer.ExpectEndAsync();
        peer.Dispose();
        await ending.InTime("the session's end");
    }

    private IEnumerable<(string Key, string Value)> OfUpstream() =>
    [
        ($"Endpoints:{Endpoint}:Protocol", "jsonrpc"),
        ($"Endpoints:{Endpoint}:Addresses:0", _upstream.Address),
        ($"Endpoints:{Endpoint}:JsonRpc:Mode", "session"),
    ];
}
