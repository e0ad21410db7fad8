using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>What a TCP transport is told once, when it is made.</summary>
public sealed class TcpTransportSettings
{
    /// <summary>TLS to the upstream.</summary>
    public required TlsOptions Tls { get; init; }

    /// <summary>Where frames end; null where only sessions are asked for.</summary>
    public IFraming? Framing { get; init; }
}
