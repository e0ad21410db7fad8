using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>What all channels of an endpoint share.</summary>
internal sealed class JsonRpcTransportSettings
{
    /// <summary>The endpoint's options, which have been checked.</summary>
    public required JsonRpcOptions Options { get; init; }

    /// <summary>TLS to the upstream.</summary>
    public required TlsOptions Tls { get; init; }

    /// <summary>TCP's own probes; null for none.</summary>
    public KeepAliveOptions? KeepAlive { get; init; }

    /// <summary>Where what is nobody's is counted.</summary>
    public required JsonRpcTotals Totals { get; init; }

    /// <summary>Where it is told.</summary>
    public required JsonRpcLog Log { get; init; }
}
