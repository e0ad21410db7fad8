using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports;

/// <summary>Opens connections: TCP, then TLS where it is asked for. Thread-safe.</summary>
/// <param name="tls">TLS.</param>
/// <param name="protocol">Offered by ALPN; null for none.</param>
/// <param name="keepAlive">TCP's probes; null for none.</param>
internal sealed class Dialer(TlsOptions tls, SslApplicationProtocol? protocol, KeepAliveOptions? keepAlive = null)
{
    private readonly TlsClient? _tls = tls.Enabled ? new TlsClient(tls) : null;

    /// <summary>Connects. Fails by value; a cancelled token means that the time to connect is up, and throws.</summary>
    public async ValueTask<Dialed> DialAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        var socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            keepAlive?.ApplyTo(socket);
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

        return await SecureAsync(address, socket, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<Dialed> SecureAsync(ResolvedAddress address, Socket socket, CancellationToken cancellation)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_tls is not null) stream = await _tls.SecureAsync(stream, address.Configured.Host, protocol, cancellation).ConfigureAwait(false);
            return new Dialed(socket, stream, null);
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
    }

    private static Dialed Failed(FailureCode code, ResolvedAddress address, Exception e) => new(null, null, new CallFailure(code, $"{address}: {e.GetBaseException().Message}"));
}
