namespace OrleansPool.Grains.Abstractions;

/// <summary>The shares that one silo holds, key <c>#@ip:port</c>, the address at which silos talk to it.</summary>
[Alias("orleanspool.shares")]
public interface ISharesGrain : IGrainWithStringKey
{
    /// <summary>Has the endpoint's share renewed at once: its budget has something to tell.</summary>
    [Alias("renew"), ResponseTimeout(WireLimits.BeatTimeout)]
    ValueTask Renew(string endpoint);
}
