namespace OrleansPool.Core.Pooling;

/// <summary>How many channels an endpoint keeps, and for how long. Ranges are checked when the host starts; docs/options.md says when to touch what.</summary>
public sealed class PoolOptions
{
    /// <summary>Channels kept open when nobody calls; opened before the host is ready. 0 to <see cref="Max"/>, default 0.</summary>
    public int Min { get; set; }

    /// <summary>Connections at most, at every instant: connecting, idle, busy and draining together. 1 to 10,000, default 10.</summary>
    public int Max { get; set; } = 10;

    /// <summary>
    /// Calls at once on one channel; fewer where the peer says so. 1 to 10,000; default 100 for gRPC, HTTP/2 and JSON-RPC, 16 for TCP with pipelining, and 1, the only
    /// possible value, for HTTP/1.1 and TCP without.
    /// </summary>
    public int? CallsPerChannel { get; set; }

    /// <summary>Time for one attempt to open a channel, TLS and the peer's first settings included. 50 ms to 2 min, default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Channels opened at the same time. 1 to 100, default 2: a returned channel often serves a waiting call sooner than a new one.</summary>
    public int ConnectConcurrency { get; set; } = 2;

    /// <summary>Channels opened per second over all hosts of the cluster while they come back after the upstream dropped some. 1 to 10,000, default 50.</summary>
    public int ConnectRate { get; set; } = 50;

    /// <summary>Attempts to open a channel, over the available addresses, before waiting calls are told. 1 to 10, default 3.</summary>
    public int ConnectAttempts { get; set; } = 3;

    /// <summary>Delay before the second attempt when there is no other address to try; doubles, with jitter. 1 ms to 10 s, default 50 ms.</summary>
    public TimeSpan ConnectRetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an address is left alone after its attempts failed; doubles with each failed probe, with jitter. 500 ms to 5 min, default 500 ms.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bound of that doubling. <see cref="BreakDuration"/> to 1 h, default 30 s.</summary>
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An unused channel above <see cref="Min"/> closes after this. 1 s to 24 h, or 0 for never; default 5 min.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A channel is replaced at this age; calls on it finish first. 1 s to 7 d, or 0 for never; default 30 min.</summary>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Each channel's lifetime is shortened by a random share up to this, so that they do not all end together. 0 to 0.9, default 0.25.</summary>
    public double LifetimeJitter { get; set; } = 0.25;

    /// <summary>A channel is replaced after this many calls. 1 or more, or 0 for no such limit; default 0.</summary>
    public int MaxUses { get; set; }

    /// <summary>A call that holds a lease, a place on a channel and its permit, for longer is told in the log and shown. 1 s to 7 d, or 0 for never; default 10 min.</summary>
    public TimeSpan LeakThreshold { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// HTTP/2 only: quiet time after which a channel with calls in flight is pinged. 10 s to 24 h, or 0 for never; default 5 min, the least a gRPC server
    /// accepts by default.
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A ping without an answer for this long means that the connection is dead. 1 s to 5 min, default 20 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Ping idle channels too. Default false. gRPC endpoints need a <see cref="KeepAlivePingDelay"/> of at least 5 min with it.</summary>
    public bool KeepAliveWithoutCalls { get; set; }

    /// <summary>How often host names are resolved again. 1 s to 1 h, default 30 s.</summary>
    public TimeSpan DnsRefresh { get; set; } = TimeSpan.FromSeconds(30);
}
