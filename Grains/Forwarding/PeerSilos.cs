using System.Collections.Concurrent;
using System.Net;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains.Forwarding;

/// <summary>The other silos, by the address at which silos talk to each other; that is the name under which each holds shares. Thread-safe.</summary>
internal sealed class PeerSilos(IGrainFactory grains, ILocalSiloDetails self, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Peer> _peers = new(StringComparer.Ordinal);
    private readonly Lock _choice = new();

    /// <summary>
    /// Of the holders that are others, and not among <paramref name="asked"/>: the one with the fewest of our calls under way, the first of them where
    /// several have as few. The call counts there from now on, so that one that chooses at the same time sees it. Null when none is left.
    /// </summary>
    public Peer? Take(IReadOnlyList<string> holders, IReadOnlyCollection<Peer> asked)
    {
        lock (_choice)
        {
            var peer = holders.Select(Of).Where(peer => !peer.Address.Equals(self.SiloAddress.Endpoint) && !asked.Contains(peer)).MinBy(peer => peer.Silo.InFlight);
            peer?.Silo.BeginUse();
            return peer;
        }
    }

    private Peer Of(string holder) => _peers.GetOrAdd(holder, name =>
    {
        var address = IPEndPoint.Parse(name);
        return new Peer(address, new PeerSilo(grains.GetGrain<IPoolGrain>(LaneKey.To("", address)), time));
    });
}

/// <summary>A silo that calls can be forwarded to.</summary>
internal sealed record Peer(IPEndPoint Address, PeerSilo Silo);
