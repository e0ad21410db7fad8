using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Bench.Processes;

/// <summary>Ports of this machine for programs that cannot choose one by themselves and say which.</summary>
public static class FreePort
{
    /// <summary>A port that nobody listens on now. Somebody may be faster; then the program does not come up, and says so.</summary>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
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
