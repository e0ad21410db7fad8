using System.Net;

namespace OrleansPool.Gateway.Listening;

/// <summary>One of the two faces of a plain-text port: the connections on it that speak one version of HTTP.</summary>
internal sealed class SharedPortEndPoint(IPEndPoint port, bool isHttp2) : IPEndPoint(port.Address, port.Port)
{
    public bool IsHttp2 { get; } = isHttp2;
}
