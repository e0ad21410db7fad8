using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Core.Transports;

/// <summary>The operating system's resolver. IP literals resolve to themselves without asking it.</summary>
public sealed class DnsAddressResolver : IAddressResolver
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
