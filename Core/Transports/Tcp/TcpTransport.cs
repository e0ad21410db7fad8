using System.Net.Security;
using System.Net.Sockets;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>Opens TCP channels: TCP, then TLS where it is asked for.</summary>
public sealed class TcpTransport(TcpTransportSettings settings) : ITransport
{
    private readonly Dialer _dialer = new(settings.Tls, protocol: null, settings.KeepAlive);

    /// <inheritdoc />
    public async ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        var dialed = await _dialer.DialAsync(address, cancellation).ConfigureAwait(false);
        return dialed.IsOpen ? ConnectResult.Connected(NewChannel(dialed.Socket, dialed.Stream)) : ConnectResult.Failed(dialed.Failure);
    }

    private CallChannel NewChannel(Socket socket, Stream stream)
    {
        if (settings is not { IsPipelined: true, Framing: { } framing }) return new TcpChannel(settings, new TcpConnection(socket, stream));

        // Under TLS the socket cannot tell bytes that answer nothing from a session ticket; there the channel finds them when it reads them.
        return new PipelinedChannel(framing, stream, stream is SslStream ? null : () => IdleSocket.IsQuiet(socket, mayHoldBytes: false));
    }
}
