using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>A TCP service that answers each line with one: <c>re: </c> and the line; <c>done</c> to <c>reset</c>; and to <c>hang up</c> by doing so.</summary>
internal sealed class LineEcho : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    public LineEcho()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

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
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static async Task ServeAsync(TcpClient connection)
    {
        using var caller = connection;
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
        try
        {
            while (await reader.ReadLineAsync() is { } line and not "hang up") await writer.WriteLineAsync(line == "reset" ? "done" : $"re: {line}");
        }
        catch (IOException)
        {
            // The caller is gone.
        }
    }
}
