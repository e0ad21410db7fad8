using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace OrleansPool.Gateway.Ports;

/// <summary>
/// Tells when the caller on a connection has left for good. The server's own word for it comes with the end of what the caller sends as well, and such a
/// caller may still wait for its reply: from then on nothing tells of a reset any more, so that it is looked for.
/// </summary>
internal sealed class CallerWatch : IDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _left = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly Socket? _socket;
    private readonly TimeProvider _time;
    private ITimer? _looking;

    public CallerWatch(ConnectionContext connection, TimeProvider time)
    {
        (_socket, _time) = (connection.Features.Get<IConnectionSocketFeature>()?.Socket, time);
        _registration = connection.ConnectionClosed.UnsafeRegister(static watch => ((CallerWatch)watch!).OnClosed(), this);
    }

    /// <summary>Cancelled when nothing that is sent reaches the caller any more.</summary>
    public CancellationToken Left => _left.Token;

    public void Dispose()
    {
        // Waits for the callback, so that there is no timer after it.
        _registration.Dispose();
        _looking?.Dispose();
        _left.Dispose();
    }

    private void OnClosed()
    {
        if (_socket is null || IsReset(_socket)) _left.Cancel();
        else _looking = _time.CreateTimer(static watch => ((CallerWatch)watch!).Look(), this, _look, _look);
    }

    private void Look()
    {
        if (!IsReset(_socket!)) return;
        try
        {
            _left.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call was over at the same moment.
        }
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
