using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansPool.Gateway.Listening;

/// <summary>
/// Lets HTTP/1.1 and HTTP/2 share a plain-text port. Kestrel tells them apart by TLS only; without TLS it takes a port for one of them. So it is given
/// two listeners, and both are fed from one socket: by the first bytes, in which an HTTP/2 client says so (RFC 9113, section 3.4).
/// Kestrel from .NET 11 on tells them apart by itself; then this folder can go.
/// </summary>
internal sealed class SharedPortListenerFactory(IOptions<SocketTransportOptions> options, TimeProvider time, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private IConnectionListener? _pending;

    public bool CanBind(EndPoint endpoint) => endpoint is SharedPortEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Kestrel binds one after the other: the first face opens the socket, the second takes the other half of it.
        var face = (SharedPortEndPoint)endpoint;
        if (_pending is { } second)
        {
            _pending = null;
            return second;
        }

        var listener = await _sockets.BindAsync(new IPEndPoint(face.Address, face.Port), cancellationToken).ConfigureAwait(false);
        var port = new SharedPort(listener, time);
        _pending = port.Face(!face.IsHttp2);
        return port.Face(face.IsHttp2);
    }
}
