using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>What a TCP transport is told once, when it is made.</summary>
public sealed class TcpTransportSettings
{
    /// <summary>TLS to the upstream.</summary>
    public required TlsOptions Tls { get; init; }

    /// <summary>TCP's own probes; null for none.</summary>
    public KeepAliveOptions? KeepAlive { get; init; }

    /// <summary>Clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where frames end; null where only sessions are asked for.</summary>
    public IFraming? Framing { get; init; }

    /// <summary>True when exchanges share connections, since the upstream answers in their order. Needs <see cref="Framing"/>; there are no sessions then.</summary>
    public bool IsPipelined { get; init; }

    /// <summary>What makes a session's connection reusable; null to close it. Needs <see cref="Framing"/>.</summary>
    public ResetExchange? Reset { get; init; }

    /// <summary>How long a session lasts when its upstream has ended its side and the caller has not.</summary>
    public TimeSpan HalfCloseTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
