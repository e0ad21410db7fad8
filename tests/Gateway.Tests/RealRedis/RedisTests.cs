using System.Globalization;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Samples.Redis;
using OrleansPool.Testing.Tcp;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Tests.RealRedis;

/// <summary>Stock Redis through both modes of a TCP endpoint: nobody ever gets another's reply, and the server sees 16 connections.</summary>
public class RedisTests
{
    private const int Connections = 16;
    private const int Clients = 10_000;
    private const int AtOnce = 100;

    [SkippableTheory]
    [InlineData("framed")]
    [InlineData("pipelined")]
    [InlineData("session")]
    public async Task TenThousandClients_OverSixteenConnections_EachGetsItsOwnReplies(string mode)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, mode);
        await Parallel.ForEachAsync(Enumerable.Range(0, Clients), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (client, _) => await WorkAsync(host.Port(0), client));
        await host.IsQuietAsync("redis");
        Assert.True(host.Pool("redis").Totals.Connected <= Connections, $"closed: {string.Join(", ", host.Pool("redis").Totals.Closed)}");

        // Those of the pool, one that looked whether it was up, and the one that asks.
        Assert.InRange(await redis.InfoAsync("total_connections_received"), 2, Connections + 2);
    }

    [SkippableTheory]
    [InlineData("framed", 64)]
    [InlineData("pipelined", 64)]
    [InlineData("session", Connections)]
    public async Task RedisBenchmark_RunsThrough(string mode, int clients)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, mode);
        var port = new Uri($"tcp://{host.Port(0)}").Port.ToString(CultureInfo.InvariantCulture);
        var said = await RequiredTool.RunAsync("redis-benchmark", "redis-tools", "-p", port, "-c", $"{clients}", "-n", "5000", "-t", "set,get,lrange_100", "-P", "4", "--csv");
        foreach (var test in new[] { "SET", "GET", "LRANGE_100" }) Assert.Contains($"\"{test}", said, StringComparison.Ordinal);
        await host.IsQuietAsync("redis");
        Assert.InRange(host.Pool("redis").Connections, 0, Connections);
    }

    [SkippableFact]
    public async Task Session_LeavesNothingToTheNextOne()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, "session", connections: 1);
        using (var first = await TcpPeer.ConnectAsync(host.Port(0)))
        {
            await first.SendAsync("SELECT 5\r\nCLIENT SETNAME first\r\nMULTI\r\nSET a 1\r\n");
            await first.ExpectAsync("+OK\r\n+OK\r\n+OK\r\n+QUEUED\r\n");
        }

        using var second = await TcpPeer.ConnectAsync(host.Port(0));
        await second.SendAsync("CLIENT GETNAME\r\nGET a\r\n");
        await second.ExpectAsync("$-1\r\n$-1\r\n");
        Assert.Equal(1, host.Pool("redis").Totals.Connected);
    }

    [SkippableFact]
    public async Task Session_CutWithinACommand_IsNotCompletedByTheReset()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, "session", connections: 1);
        using (var first = await TcpPeer.ConnectAsync(host.Port(0)))
        {
            // Whoever leaves before the session has begun leaves no trace.
            await first.SendAsync("PING\r\n");
            await first.ExpectAsync("+PONG\r\n");

            // Seven bytes are missing, as many as RESET and its line end have.
            await first.SendAsync("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$10\r\n12345");
        }

        using var second = await TcpPeer.ConnectAsync(host.Port(0));
        await second.SendAsync("GET a\r\n");
        await second.ExpectAsync("$-1\r\n");
        Assert.Equal(2, host.Pool("redis").Totals.Connected);
    }

    [SkippableFact]
    public async Task Session_EndedByItsCaller_StillGetsWhatItIsOwed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, "session", connections: 1);
        for (var n = 0; n < 20; n++)
        {
            using var client = await TcpPeer.ConnectAsync(host.Port(0));
            await client.SendAsync("SET a 1\r\nGET a\r\nPING\r\n");
            client.HalfClose();
            await client.ExpectAsync("+OK\r\n$1\r\n1\r\n+PONG\r\n");
            await client.ExpectEndAsync();
        }

        await host.IsQuietAsync("redis");
        Assert.Equal(1, host.Pool("redis").Totals.Connected);
    }

    [SkippableFact]
    public async Task Session_WithASubscription_Closes_AndTheNextOneIsClean()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, "session", connections: 1);
        using (var first = await TcpPeer.ConnectAsync(host.Port(0)))
        {
            await first.SendAsync("SUBSCRIBE x y\r\n");
            await first.ExpectAsync("*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\ny\r\n:2\r\n");
        }

        using var second = await TcpPeer.ConnectAsync(host.Port(0));
        await second.SendAsync("PING\r\n");
        await second.ExpectAsync("+PONG\r\n");
        Assert.Equal(2, host.Pool("redis").Totals.Connected);
    }

    [SkippableFact]
    public async Task Framed_StatefulCommand_IsRefused_AndNothingOfItReachesTheServer()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StartAsync(redis, "framed", connections: 1);
        using var client = await TcpPeer.ConnectAsync(host.Port(0));
        await client.SendAsync("*2\r\n$3\r\nGET\r\n$5\r\nMULTI\r\n");
        await client.ExpectAsync("$-1\r\n");
        await client.SendAsync("*1\r\n$5\r\nmulti\r\n");
        await client.ExpectAsync("-ERR pool RequestInvalid: multi leaves something on a connection that others use next; it needs a port in session mode.\r\n");
        await client.ExpectEndAsync();
        Assert.Equal(0, await redis.InfoAsync("tracking_clients"));
    }

    // Its own key, and more than one reply, so that a reply of anybody else, or of another moment, shows.
    private static async Task WorkAsync(string address, int client)
    {
        using var connection = await TcpPeer.ConnectAsync(address);
        var value = $"value of {client}";
        await connection.SendAsync($"*3\r\n$3\r\nSET\r\n${$"key:{client}".Length}\r\nkey:{client}\r\n${value.Length}\r\n{value}\r\n");
        await connection.ExpectAsync("+OK\r\n");
        await connection.SendAsync($"GET key:{client}\r\nECHO {client}\r\n");
        await connection.ExpectAsync($"${value.Length}\r\n{value}\r\n${$"{client}".Length}\r\n{client}\r\n");
    }

    private static Task<GatewayHost> StartAsync(RedisServer redis, string mode, int connections = Connections)
    {
        List<(string, string)> settings =
        [
            ("redis:Protocol", "tcp"), ("redis:Addresses:0", redis.Address), ("redis:Listen", "127.0.0.1:0"), ("redis:Pool:Max", $"{connections}"),
            ("redis:Tcp:Mode", mode == "session" ? "session" : "framed"), ("redis:Tcp:Framing", mode == "session" ? "resp" : "resp-stateless"), ("redis:Tcp:Pipelining", $"{mode == "pipelined"}"), ("redis:Queue:MaxWait", "00:01:00"),

            // A limit that moves would close connections and open others, and the count would tell less.
            ("redis:Limits:Law", "fixed"),
        ];
        if (mode == "session") settings.AddRange([("redis:Tcp:Reset:Send", "RESET\\r\\n"), ("redis:Tcp:Reset:Expect", "+RESET\\r\\n")]);
        return GatewayHost.StartAsync(
            builder => builder.Services.AddOrleansPoolFraming("resp", new RespFraming()).AddOrleansPoolFraming("resp-stateless", new RespFraming(refusesState: true)), [.. settings]);
    }
}
