using System.Diagnostics.CodeAnalysis;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Chooses the address first, and there a channel: of the addresses with room the one with the fewest calls in flight over its
/// <see cref="AddressWeight"/>. So one that answers slowly has fewer calls in flight than the others, and one that swallows calls holds a few and no
/// more, as long as another has room. One that is left out gets none. All addresses are looked at: with two at random, the swallowing one would meet only itself now and then.
/// </summary>
/// <param name="newSet">Makes the set of one address.</param>
internal sealed class AddressPickSet(Func<PickSet> newSet) : PickSet
{
    private Place[] _places = [];
    private int _turn;

    public override bool HasRoom
    {
        get
        {
            foreach (var place in _places)
            {
                if (place.HasRoom) return true;
            }

            return false;
        }
    }

    public override void Add(PooledChannel channel)
    {
        var place = Find(channel);
        if (place is null) _places = [.. _places, place = new Place(channel.Host, newSet())];
        place.Count++;
        place.Channels.Add(channel);
    }

    public override void Remove(PooledChannel channel)
    {
        if (channel.PickIndex == PooledChannel.NotInPickSet || Find(channel) is not { } place) return;
        place.Channels.Remove(channel);
        if (--place.Count == 0) _places = [.. _places.Where(other => other != place)];
    }

    public override bool TryPick([NotNullWhen(true)] out PooledChannel? channel)
    {
        if (_places.Length == 1) return _places[0].TryPick(out channel);
        Place? best = null;
        var least = double.MaxValue;

        // Equals take turns, or the first would have every call of a quiet endpoint.
        _turn++;
        for (var i = 0; i < _places.Length; i++)
        {
            var place = _places[(_turn + i) % _places.Length];
            if (!place.HasRoom || place.Load >= least) continue;
            (best, least) = (place, place.Load);
        }

        channel = null;
        return best is not null && best.TryPick(out channel);
    }

    public override void Changed(PooledChannel channel) => Find(channel)?.Channels.Changed(channel);

    private Place? Find(PooledChannel channel)
    {
        foreach (var place in _places)
        {
            if (place.Host == channel.Host) return place;
        }

        return null;
    }

    private sealed class Place(UpstreamHost host, PickSet channels)
    {
        public UpstreamHost Host => host;

        public PickSet Channels => channels;

        public int Count { get; set; }

        public bool HasRoom => host.Health.TakesCall && channels.HasRoom;

        public bool TryPick([NotNullWhen(true)] out PooledChannel? channel)
        {
            channel = null;
            return HasRoom && channels.TryPick(out channel);
        }

        // A probe is due at once: until it has come back well, the address is of no use.
        public double Load => host.Health.WantsProbe ? 0 : (host.Busy + 1) / host.Share;
    }
}
