using System.Diagnostics.CodeAnalysis;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// For channels of one address that carry many calls: the less busy of two taken at random. Two looks come within a constant
/// of asking everybody (Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001).
/// </summary>
internal sealed class TwoChoicesPickSet(Random random) : PickSet
{
    // Channels with room stand first, full ones behind them, so that a pick never meets a full one.
    private readonly List<PooledChannel> _channels = [];
    private int _roomy;

    public override bool HasRoom => _roomy > 0;

    public override void Add(PooledChannel channel)
    {
        channel.PickIndex = _channels.Count;
        _channels.Add(channel);
        Changed(channel);
    }

    public override void Remove(PooledChannel channel)
    {
        if (channel.PickIndex < 0) return;
        if (channel.PickIndex < _roomy) Swap(channel, --_roomy);
        Swap(channel, _channels.Count - 1);
        _channels.RemoveAt(_channels.Count - 1);
        channel.PickIndex = PooledChannel.NotInPickSet;
    }

    public override bool TryPick([NotNullWhen(true)] out PooledChannel? channel)
    {
        if (_roomy == 0)
        {
            channel = null;
            return false;
        }

        channel = _channels[random.Next(_roomy)];
        if (_roomy == 1) return true;
        var other = _channels[random.Next(_roomy)];
        if (other.InFlight < channel.InFlight) channel = other;
        return true;
    }

    public override void Changed(PooledChannel channel)
    {
        if (channel.HasRoom && channel.PickIndex >= _roomy) Swap(channel, _roomy++);
        else if (!channel.HasRoom && channel.PickIndex < _roomy) Swap(channel, --_roomy);
    }

    private void Swap(PooledChannel channel, int to)
    {
        var from = channel.PickIndex;
        var other = _channels[to];
        _channels[from] = other;
        other.PickIndex = from;
        _channels[to] = channel;
        channel.PickIndex = to;
    }
}
