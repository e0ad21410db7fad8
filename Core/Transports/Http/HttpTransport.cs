using System.Net.Security;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Http;

/// <summary>Opens HTTP channels: TCP, then TLS where it is asked for, then, with HTTP/2, the exchange of first settings.</summary>
public sealed class HttpTransport(HttpTransportSettings settings) : ITransport
{
    private readonly Dialer _dialer = new(settings.Tls, settings.Protocol.IsMultiplexed() ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11);

    /// <inheritdoc />
    public async ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        var dialed = await _dialer.DialAsync(address, cancellation).ConfigureAwait(false);
        if (!dialed.IsOpen) return ConnectResult.Failed(dialed.Failure);
        var channel = new HttpChannel(settings, address.Configured, dialed.Socket, dialed.Stream);
        if (!settings.Protocol.IsMultiplexed()) return ConnectResult.Connected(channel);
        var failure = await channel.ShakeHandsAsync(cancellation).ConfigureAwait(false);
        return failure is null ? ConnectResult.Connected(channel) : ConnectResult.Failed(failure);
    }
}
