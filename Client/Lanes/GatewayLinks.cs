using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Lanes;

/// <summary>All silos that this process's lanes lead to. Thread-safe.</summary>
internal sealed class GatewayLinks
{
    private readonly ConcurrentDictionary<int, GatewayLink> _links = new();

    /// <summary>The link to the silo that answered a beat.</summary>
    public GatewayLink Of(BeatMessage beat) => _links.GetOrAdd(beat.SiloRun, static (run, gateway) => new GatewayLink(run, gateway), beat.Gateway);

    /// <summary>The link to a silo that is known already.</summary>
    public bool TryGet(int siloRun, [NotNullWhen(true)] out GatewayLink? link) => _links.TryGetValue(siloRun, out link);

    /// <summary>The silo behind the link does not answer.</summary>
    public void Lose(GatewayLink link)
    {
        _links.TryRemove(KeyValuePair.Create(link.SiloRun, link));
        link.Lose();
    }

    /// <summary>The connection to a gateway closed: whatever was sent on it and not answered never will be.</summary>
    public void Lose(EndPoint? gateway)
    {
        foreach (var link in _links.Values.Where(link => link.Gateway is not null && link.Gateway.Equals(gateway))) Lose(link);
    }
}
