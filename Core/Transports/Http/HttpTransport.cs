using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Http;

/// <summary>Opens HTTP channels: TCP, then TLS where it is asked for, then, with HTTP/2, the exchange of first settings.</summary>
public sealed class HttpTransport(HttpTransportSettings settings) : ITransport
{
    private readonly TlsClient? _tls = settings.Tls.Enabled ? new TlsClient(settings.Tls) : null;

    /// <inheritdoc />
    public async ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        var socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return Failed(FailureCode.ConnectFailed, address, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await OpenAsync(address, socket, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<ConnectResult> OpenAsync(ResolvedAddress address, Socket socket, CancellationToken cancellation)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_tls is not null) stream = await _tls.SecureAsync(stream, address.Configured.Host, Alpn(), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return Failed(FailureCode.TlsFailed, address, e);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var channel = new HttpChannel(settings, address.Configured, socket, stream);
        if (!settings.Protocol.IsMultiplexed()) return ConnectResult.Connected(channel);
        var failure = await channel.ShakeHandsAsync(cancellation).ConfigureAwait(false);
        return failure is null ? ConnectResult.Connected(channel) : ConnectResult.Failed(failure);
    }

    private SslApplicationProtocol Alpn() => settings.Protocol.IsMultiplexed() ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11;

    private static ConnectResult Failed(FailureCode code, ResolvedAddress address, Exception e) =>
        ConnectResult.Failed(new CallFailure(code, $"{address}: {e.GetBaseException().Message}"));
}
