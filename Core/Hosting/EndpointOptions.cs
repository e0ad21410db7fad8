using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Hosting;

/// <summary>One endpoint, as the operator wrote it under <c>OrleansPool:Endpoints:&lt;name&gt;</c>.</summary>
public sealed class EndpointOptions
{
    /// <summary>What the upstream speaks: grpc, http2 or http1. Required.</summary>
    public Protocol? Protocol { get; set; }

    /// <summary>Where it listens: 1 to 64 entries <c>host:port</c>. Host names are resolved again and again; all their addresses are used. Required.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Sent as <c>:authority</c> or <c>Host</c>. Default: the address as written above.</summary>
    public string? Authority { get; set; }

    /// <summary>TLS to the upstream.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Channels.</summary>
    public PoolOptions Pool { get; set; } = new();

    /// <summary>Waiting.</summary>
    public QueueOptions Queue { get; set; } = new();

    /// <summary>Calls in flight, message sizes, deadlines.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>Repeating what provably was not sent.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Calls at once on one channel: as set, or what goes with the protocol.</summary>
    internal int CallsPerChannel => Pool.CallsPerChannel ?? (Protocol is { } p && p.IsMultiplexed() ? 100 : 1);

    /// <summary>Calls in flight at most: as set, or all that the channels can carry.</summary>
    internal int Permits => Limits.Permits ?? (int)Math.Min(1_000_000L, (long)Pool.Max * CallsPerChannel);
}
