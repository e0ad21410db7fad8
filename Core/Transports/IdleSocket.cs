using System.Net.Sockets;

namespace OrleansPool.Core.Transports;

/// <summary>A look at the socket of a connection on which nothing is asked for, without waiting.</summary>
internal static class IdleSocket
{
    /// <summary>
    /// False when there is something to read: the peer has closed, or sent bytes that answer nothing. Where bytes may be in order (a session ticket under TLS,
    /// a greeting), only the end counts.
    /// </summary>
    public static bool IsQuiet(Socket socket, bool mayHoldBytes)
    {
        try
        {
            return !socket.Poll(0, SelectMode.SelectRead) || (mayHoldBytes && socket.Available > 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
