using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Client.Local;

/// <summary>The endpoints that this process holds channels of, as a silo of the pool or as a client in local mode. Immutable.</summary>
internal sealed class HeldEndpoints
{
    private readonly EndpointDirectory _endpoints;

    private HeldEndpoints(EndpointDirectory endpoints, EndpointShares shares, bool needDetour) => (_endpoints, Shares, NeedDetour) = (endpoints, shares, needDetour);

    public EndpointShares Shares { get; }

    /// <summary>True in a client, whose calls go through the cluster while it has no share; a silo's endpoints find others that have one themselves.</summary>
    public bool NeedDetour { get; }

    /// <summary>Null in a process that has no engine of the pool.</summary>
    public static HeldEndpoints? In(IServiceProvider services) => services.GetService<EndpointDirectory>() is { } endpoints
        ? new HeldEndpoints(endpoints, services.GetRequiredService<EndpointShares>(), services.GetRequiredService<HolderIdentity>().IsClient)
        : null;

    /// <summary>The endpoint of that name; null when this process does not hold it.</summary>
    public Endpoint? TryGet(string name) => _endpoints.TryGet(name, out var endpoint) ? endpoint : null;
}
