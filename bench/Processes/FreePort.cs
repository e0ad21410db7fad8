using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Bench.Processes;

/// <summary>Ports of this machine for programs that cannot choose one by themselves and say which. Thread-safe.</summary>
public static class FreePort
{
    // Below those that the system gives to whoever asks for any: it could give one away between the look here and the start of the program.
    private const int First = 10_240;
    private const int Count = 10_000;

    private static int _taken = Random.Shared.Next(Count);

    /// <summary>
    /// A port that nobody listens on now, and never the same again before all others were given: several programs may be about to start. A program of
    /// somebody else may be faster; then this one does not come up, and says so.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _taken) % Count);
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>True when somebody listens on it.</summary>
    public static async Task<bool> IsTakenAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
