using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace OrleansPool.Gateway.Ports;

/// <summary>
/// What a session's caller is sent, and the end of that alone: the server's own writer ends both sides of a connection together. So without TLS it is written to the
/// socket, past that writer, and with TLS the end is told by TLS. Nothing else writes to the connection.
/// </summary>
internal sealed class CallerOutput(ConnectionContext connection)
{
    private readonly Socket _socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
    private readonly SslStream? _secured = connection.Features.Get<ISslStreamFeature>()?.SslStream;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_secured is not null)
        {
            await connection.Transport.Output.WriteAsync(bytes).ConfigureAwait(false);
            return;
        }

        for (var sent = 0; sent < bytes.Length;) sent += await _socket.SendAsync(bytes[sent..], SocketFlags.None, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Nothing more will come; the caller may go on sending.</summary>
    public async ValueTask EndAsync()
    {
        if (_secured is not null) await _secured.ShutdownAsync().ConfigureAwait(false);
        else _socket.Shutdown(SocketShutdown.Send);
    }
}
