using System.Net;

namespace OrleansPool.Core.Model;

/// <summary>A socket address that a configured address stands for right now.</summary>
/// <param name="Configured">The address as configured; its host is what TLS verifies.</param>
/// <param name="EndPoint">Where to connect.</param>
public sealed record ResolvedAddress(UpstreamAddress Configured, IPEndPoint EndPoint)
{
    /// <summary>The configured address, with the IP behind it where that is another text.</summary>
    public override string ToString()
    {
        var ip = EndPoint.ToString();
        return string.Equals(ip, Configured.ToString(), StringComparison.Ordinal) ? ip : $"{Configured} ({ip})";
    }
}
