using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>Opens TCP channels: TCP, then TLS where it is asked for.</summary>
public sealed class TcpTransport(TcpTransportSettings settings) : ITransport
{
    private readonly Dialer _dialer = new(settings.Tls, protocol: null);

    /// <inheritdoc />
    public async ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        var dialed = await _dialer.DialAsync(address, cancellation).ConfigureAwait(false);
        return dialed.IsOpen ? ConnectResult.Connected(new TcpChannel(settings, new TcpConnection(dialed.Socket, dialed.Stream))) : ConnectResult.Failed(dialed.Failure);
    }
}
