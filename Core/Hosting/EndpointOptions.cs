using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Hedging;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.JsonRpc;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Hosting;

/// <summary>One endpoint, as the operator wrote it under <c>OrleansPool:Endpoints:&lt;name&gt;</c>.</summary>
public sealed class EndpointOptions
{
    /// <summary>No endpoint has more calls in flight than this.</summary>
    internal const int MaxPermits = 1_000_000;

    // Below 4 a limit cannot tell queueing from noise; 20 is where most of the published laws begin.
    private const int DefaultFloor = 4;
    private const int DefaultInitial = 20;

    /// <summary>What the upstream speaks: grpc, http2, http1, tcp or jsonrpc. Required.</summary>
    public Protocol? Protocol { get; set; }

    /// <summary>Where it listens: 1 to 64 entries <c>host:port</c>. Host names are resolved again and again; all their addresses are used. Required.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Sent as <c>:authority</c> or <c>Host</c>. Default: the address as written above.</summary>
    public string? Authority { get; set; }

    /// <summary>With tcp and jsonrpc: where callers of any language connect, <c>ip:port</c>, for this endpoint alone. Default: nowhere.</summary>
    public string? Listen { get; set; }

    /// <summary>With tcp and jsonrpc: TLS at that port.</summary>
    public ListenTlsOptions ListenTls { get; set; } = new();

    /// <summary>With tcp and jsonrpc: TCP's own probes, to the upstream and at that port.</summary>
    public KeepAliveOptions KeepAlive { get; set; } = new();

    /// <summary>With tcp: what the upstream's messages look like.</summary>
    public TcpOptions Tcp { get; set; } = new();

    /// <summary>With jsonrpc: what its messages look like, and how large they may be.</summary>
    public JsonRpcOptions JsonRpc { get; set; } = new();

    /// <summary>TLS to the upstream.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Channels.</summary>
    public PoolOptions Pool { get; set; } = new();

    /// <summary>Waiting.</summary>
    public QueueOptions Queue { get; set; } = new();

    /// <summary>Calls in flight, message sizes, deadlines.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>The times of the lease protocol, where they differ from those of all endpoints.</summary>
    public BudgetOptions Budget { get; set; } = new();

    /// <summary>Repeating what provably was not sent.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Sending calls once more whose answer is late.</summary>
    public HedgingOptions Hedging { get; set; } = new();

    /// <summary>Leaving out addresses that are worse than the others.</summary>
    public OutlierOptions Outliers { get; set; } = new();

    /// <summary>Asking addresses how they are.</summary>
    public CheckOptions Check { get; set; } = new();

    /// <summary>What becomes of calls for which no permit or channel can be had.</summary>
    public DegradationOptions Degradation { get; set; } = new();

    /// <summary>True when one channel carries many calls at once.</summary>
    internal bool IsMultiplexed => Protocol is Model.Protocol.Tcp ? Tcp.Pipelining : Protocol is { } p && p.IsMultiplexed() && !HasSessions;

    /// <summary>Calls at once on one channel: as set, or what goes with the protocol. Replies in order wait for one another, so there it is fewer.</summary>
    internal int CallsPerChannel => Pool.CallsPerChannel ?? (!IsMultiplexed ? 1 : Protocol is Model.Protocol.Tcp ? 16 : 100);

    /// <summary>Between what the limit may move: as set, or from what the channels carry.</summary>
    internal LimitBounds Bounds
    {
        get
        {
            var ceiling = Limits.Max ?? (int)Math.Min(MaxPermits, (long)Pool.Max * CallsPerChannel);
            var floor = Limits.Min ?? Math.Min(DefaultFloor, ceiling);
            return new LimitBounds(floor, ceiling, Limits.Initial ?? Math.Clamp(DefaultInitial, floor, Math.Max(floor, ceiling)), Limits.SlowestHealthy ?? TimeSpan.Zero);
        }
    }

    /// <summary>The law in force: none but a fixed limit where the mode is off, and where all calls are sessions, whose length tells nothing of the upstream.</summary>
    internal string LawName => Limits.Mode == LimitMode.Off || HasSessions ? "fixed" : Limits.Law;

    /// <summary>True when callers have a connection each.</summary>
    internal bool HasSessions => this is { Protocol: Model.Protocol.Tcp, Tcp.Mode: TcpMode.Session } or { Protocol: Model.Protocol.JsonRpc, JsonRpc.Mode: JsonRpcMode.Session };

    /// <summary>Takes over from the running options what cannot change without a restart and what is computed here goes by.</summary>
    internal void KeepWhatNeedsARestart(EndpointOptions running)
    {
        (Protocol, Addresses, Authority) = (running.Protocol, running.Addresses, running.Authority);
        (Listen, ListenTls, KeepAlive) = (running.Listen, running.ListenTls, running.KeepAlive);
        (Tcp, JsonRpc) = (running.Tcp, running.JsonRpc);
        (Tls, Budget, Retry, Degradation) = (running.Tls, running.Budget, running.Retry, running.Degradation);
        (Hedging, Outliers, Check) = (running.Hedging, running.Outliers, running.Check);
        Pool.CallsPerChannel = running.Pool.CallsPerChannel;
    }

    /// <summary>What there is to deal, and how.</summary>
    internal BudgetSettings ToBudget(string name, BudgetOptions common)
    {
        var defaults = new BudgetSettings { Endpoint = name, Cap = Pool.Max, MinConnections = Pool.Min, CallsPerChannel = CallsPerChannel, Bounds = Bounds, Mode = Limits.Mode };
        return defaults with
        {
            TimeToLive = Budget.TimeToLive ?? common.TimeToLive ?? defaults.TimeToLive,
            FreezeTolerance = Budget.FreezeTolerance ?? common.FreezeTolerance ?? defaults.FreezeTolerance,
            RenewPeriod = Budget.RenewPeriod ?? common.RenewPeriod ?? defaults.RenewPeriod,
            OnLeaseLoss = Budget.OnLeaseLoss ?? common.OnLeaseLoss ?? defaults.OnLeaseLoss,
        };
    }
}
