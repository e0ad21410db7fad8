using System.Net;

namespace OrleansPool.Core.Transports;

/// <summary>Turns host names into IP addresses.</summary>
public interface IAddressResolver
{
    /// <summary>The addresses of <paramref name="host"/> now, empty when it has none or the name service does not answer.</summary>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation);
}
