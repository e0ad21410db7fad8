using Microsoft.Extensions.Logging;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains.Forwarding;

/// <summary>
/// The other silos that are members of the cluster now, by the address at which silos talk to each other; that is the name under which each holds shares.
/// Thread-safe.
/// </summary>
internal sealed class PeerSilos(IGrainFactory grains, IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time, ILogger<PeerSilos> logger)
{
    private readonly Lock _gate = new();
    private Dictionary<string, Peer> _members = new(StringComparer.Ordinal);
    private MembershipVersion _version = MembershipVersion.MinValue;

    /// <summary>
    /// Of the holders that are other members, take calls, and are not among <paramref name="asked"/>: the one with the fewest of our calls under way, the
    /// first of them where several have as few; one that does not answer only when all do not. The call counts there from now on, so that one that chooses at
    /// the same time sees it. Null when none is left. Without a holder named any other member will do.
    /// </summary>
    public Peer? Take(IReadOnlyList<string> holders, IReadOnlyCollection<Peer> asked)
    {
        lock (_gate)
        {
            Refresh_NeedsLock();
            var named = holders.Count > 0 ? holders.Select(holder => _members.GetValueOrDefault(holder)).OfType<Peer>() : _members.Values;
            var peer = named.Where(peer => !peer.Silo.IsLeaving && !asked.Contains(peer)).MinBy(peer => (peer.Silo.IsSilent, peer.Silo.InFlight));
            peer?.Silo.BeginUse();
            return peer;
        }
    }

    private void Refresh_NeedsLock()
    {
        var now = membership.CurrentSnapshot;
        if (now.Version == _version) return;
        _version = now.Version;
        var others = now.Members.Values.Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress));
        _members = others.ToDictionary(member => member.SiloAddress.Endpoint.ToString(), member => KnownOrNew_NeedsLock(member.SiloAddress), StringComparer.Ordinal);
    }

    private Peer KnownOrNew_NeedsLock(SiloAddress silo) =>
        _members.GetValueOrDefault(silo.Endpoint.ToString()) is { } known && known.Address.Equals(silo) ? known : new Peer(silo, NewSilo(silo));

    private PeerSilo NewSilo(SiloAddress silo) => new(
        grains.GetGrain<IPoolGrain>(LaneKey.To("", silo.Endpoint)), () => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active, new PeerLog(logger, silo), time);
}

/// <summary>A silo that calls can be forwarded to.</summary>
internal sealed record Peer(SiloAddress Address, PeerSilo Silo);
