using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OrleansPool.Core.Transports;

namespace OrleansPool.Gateway.Ports;

/// <summary>What all ports of endpoints do with a connection before and after it is served: TCP's probes, and a proper end under TLS. Thread-safe.</summary>
internal sealed class ConnectedCallers(ConnectionHandler port, KeepAliveOptions keepAlive)
{
    public async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket }) KeepAlive(socket);
        await port.OnConnectedAsync(connection).ConfigureAwait(false);
        if (connection.Features.Get<ISslStreamFeature>() is { SslStream: var secured }) await EndAsync(connection, secured).ConfigureAwait(false);
    }

    private void KeepAlive(Socket socket)
    {
        try
        {
            keepAlive.ApplyTo(socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The caller is gone already; whoever reads learns so.
        }
    }

    // Without it a caller cannot tell the end from a cut.
    private static async ValueTask EndAsync(ConnectionContext connection, System.Net.Security.SslStream secured)
    {
        try
        {
            await connection.Transport.Output.CompleteAsync().ConfigureAwait(false);
            await secured.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // It was cut before, by either side, or has been told.
        }
    }
}
