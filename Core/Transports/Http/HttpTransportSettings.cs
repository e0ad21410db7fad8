using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Http;

/// <summary>What an HTTP transport is told once, when it is made.</summary>
public sealed class HttpTransportSettings
{
    /// <summary>What the upstream speaks.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>TLS to the upstream.</summary>
    public required TlsOptions Tls { get; init; }

    /// <summary>Sent as <c>:authority</c> or <c>Host</c> instead of the address, where set.</summary>
    public string? Authority { get; init; }

    /// <summary>Quiet time before a ping; zero for never.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; }

    /// <summary>Time that a ping's answer may take.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Ping channels without a call, too.</summary>
    public bool KeepAliveWithoutCalls { get; init; }
}
