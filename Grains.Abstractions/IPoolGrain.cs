namespace OrleansPool.Grains.Abstractions;

/// <summary>
/// One lane of an endpoint, key <c>endpoint#lane</c>: a way from a client to the pool of whichever silo the client's gateway is. Every silo has its own
/// activation of every key, so a call takes one hop; several lanes spread an endpoint's calls over gateways and cores. Between silos a lane may name the
/// silo that it leads to: <c>endpoint#@ip:port</c>, the address at which silos talk to it.
/// </summary>
[Alias("orleanspool.pool")]
public interface IPoolGrain : IGrainWithStringKey
{
    /// <summary>Makes a call that is here whole.</summary>
    [Alias("call"), ResponseTimeout(WireLimits.CallTimeout)]
    ValueTask<ReplyMessage> Call(CallMessage call, CancellationToken cancellation);

    /// <summary>Says which silo this lane leads to, and by saying so that it lives.</summary>
    [Alias("beat"), ResponseTimeout(WireLimits.BeatTimeout)]
    ValueTask<BeatMessage> Beat();

    /// <summary>What the silo that this lane leads to knows of its endpoints, for people.</summary>
    [Alias("report"), ResponseTimeout(WireLimits.ViewTimeout)]
    ValueTask<ReportMessage> Report(ReportQueryMessage query);
}
