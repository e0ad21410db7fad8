using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace OrleansPool.Gateway.Ports;

/// <summary>
/// Tells when the caller on a connection has left for good. The server's own word for it comes with the end of what the caller sends as well, and such a
/// caller may still wait for its reply.
/// </summary>
internal sealed class CallerWatch : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly CancellationTokenRegistration _registration;

    public CallerWatch(ConnectionContext connection)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        _registration = connection.ConnectionClosed.UnsafeRegister(_ => OnClosed(socket), null);
    }

    /// <summary>Cancelled when nothing that is sent reaches the caller any more.</summary>
    public CancellationToken Left => _left.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _left.Dispose();
    }

    private void OnClosed(Socket? socket)
    {
        if (socket is null || IsReset(socket)) _left.Cancel();
    }

    // To send nothing costs nothing, and fails where the peer has reset the connection.
    private static bool IsReset(Socket socket)
    {
        try
        {
            socket.Send(ReadOnlySpan<byte>.Empty);
            return false;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
