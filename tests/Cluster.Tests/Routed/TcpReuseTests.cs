using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>A session of the .NET client whose connection serves the next call. With one silo, as the only connection of a cap of one may move between two.</summary>
public sealed class TcpReuseTests
{
    [Fact]
    public async Task Session_BytesPassBothWays_AndItsConnectionIsUsedAgain()
    {
        await using var upstream = TcpUpstream.Start();
        await using var silo = await TestSilos.StartAsync(1, _ =>
        [
            ("Endpoints:lines:Protocol", "tcp"), ("Endpoints:lines:Addresses:0", upstream.Address), ("Endpoints:lines:Pool:Max", "1"),
            ("Endpoints:lines:Tcp:Framing", "delimiter"), ("Endpoints:lines:Tcp:Delimiter", "\\n"),
            ("Endpoints:lines:Tcp:Reset:Send", "reset\\n"), ("Endpoints:lines:Tcp:Reset:Expect", "done\\n"),
        ]);
        await using var client = await PoolClient.ConnectAsync(silo.Address);
        var lines = client.Services.GetRequiredService<OrleansPoolClient>().CreateTcpClient("lines");
        TcpPeer peer;
        await using (var session = await lines.OpenSessionAsync().InTime("a session"))
        {
            peer = await upstream.ConnectionAsync();
            await peer.SendAsync("welcome\n");
            Assert.Equal("welcome\n", await ReadAsync(session.AsStream(), 8));
            await session.AsStream().WriteAsync("ask\nask\n"u8.ToArray()).AsTask().InTime("room");
            await peer.ExpectAsync("ask\nask\n");

            // The welcome was one reply already.
            await peer.SendAsync("reply\n");
            Assert.Equal("reply\n", await ReadAsync(session.AsStream(), 6));
            var ending = session.DisposeAsync().AsTask();
            await peer.ExpectAsync("reset\n");
            await peer.SendAsync("done\n");
            await ending.InTime("the session's end");
        }

        var call = lines.ExchangeAsync(new ReadOnlySequence<byte>("next\n"u8.ToArray()));
        await peer.ExpectAsync("next\n");
        await peer.SendAsync("yes\n");
        Assert.Equal("yes\n", Encoding.ASCII.GetString((await call.InTime("the reply")).Span));
        peer.Dispose();
    }

    private static async Task<string> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes).AsTask().InTime($"{count} bytes");
        return Encoding.ASCII.GetString(bytes);
    }
}
