using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>
/// A TCP service that answers each line with one: <c>re: </c> and the line; <c>done</c> to <c>reset</c>; to <c>hang up</c> by doing so, and to <c>your turn</c> by
/// ending its side, and listening on.
/// </summary>
internal sealed class LineEcho : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Task _accepting;

    public LineEcho()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>What came behind <c>your turn</c>, each up to its end.</summary>
    public IEnumerable<string> Heard => _heard;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using var caller = connection;
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
        try
        {
            while (await reader.ReadLineAsync() is { } line and not "hang up")
            {
                if (line == "your turn")
                {
                    caller.Client.Shutdown(SocketShutdown.Send);
                    _heard.Enqueue(await reader.ReadToEndAsync());
                    return;
                }

                await writer.WriteLineAsync(line == "reset" ? "done" : $"re: {line}");
            }
        }
        catch (IOException)
        {
            // The caller is gone.
        }
    }
}
