using System.Diagnostics;
using OrleansPool.Bench.Processes;
using OrleansPool.Testing.Tcp;

namespace OrleansPool.Gateway.Tests.RealRedis;

/// <summary>A <c>redis-server</c> of this test's own, that keeps nothing.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/redis-server";

    private readonly ChildProcess _process;
    private readonly int _port = FreePort.Next();

    private RedisServer()
    {
        string[] arguments = ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        _process = ChildProcess.Start("redis-server", new ProcessStartInfo(Program, arguments), answers: false);
    }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Starts one; skips the test where there is none.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        RequiredTool.Require(File.Exists(Program), "redis-server");
        var server = new RedisServer();
        await Eventually.HoldsAsync(() => FreePort.IsTakenAsync(server._port), "redis-server to listen");
        return server;
    }

    /// <summary>A figure of its own: <c>total_connections_received</c>, for one.</summary>
    public async Task<long> InfoAsync(string figure)
    {
        using var direct = await TcpPeer.ConnectAsync(Address);
        await direct.SendAsync("INFO everything\r\nQUIT\r\n");
        var line = (await direct.ReadToEndAsync()).Split("\r\n").Single(line => line.StartsWith($"{figure}:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(figure.Length + 1));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
