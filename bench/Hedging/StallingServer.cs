using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Bench.Hedging;

/// <summary>A TCP service that answers each line with the same one, after its usual time, or now and then after a much longer one.</summary>
/// <param name="usual">How long an answer takes.</param>
/// <param name="stall">How long it takes now and then.</param>
/// <param name="every">One answer of so many does; 0 for none.</param>
internal sealed class StallingServer(TimeSpan usual, TimeSpan stall, int every) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _asked;

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Listens from now on.</summary>
    public StallingServer Start()
    {
        _listener.Start();
        _ = AcceptAsync();
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        {
            try
            {
                caller.NoDelay = true;
                using var lines = new StreamReader(caller.GetStream());
                await using var replies = new StreamWriter(caller.GetStream()) { AutoFlush = true, NewLine = "\n" };
                while (await lines.ReadLineAsync() is { } line)
                {
                    await Task.Delay(NextTime(), TimeProvider.System);
                    await replies.WriteLineAsync(line);
                }
            }
            catch (IOException)
            {
                // The caller gave this attempt up, and the connection with it.
            }
        }
    }

    private TimeSpan NextTime() => every > 0 && Interlocked.Increment(ref _asked) % every == 0 ? stall : usual;
}
