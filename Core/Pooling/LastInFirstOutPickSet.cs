using System.Diagnostics.CodeAnalysis;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// For channels that carry one call: of two addresses taken at random the less busy one, and there the channel used last, so that those not needed
/// stay idle and close.
/// </summary>
internal sealed class LastInFirstOutPickSet(Random random) : PickSet
{
    private const int Out = -1;
    private const int Busy = 0;
    private const int Idle = 1;

    private readonly List<UpstreamHost> _hostsWithIdle = [];

    public override bool HasRoom => _hostsWithIdle.Count > 0;

    public override void Add(PooledChannel channel)
    {
        channel.PickIndex = Busy;
        Changed(channel);
    }

    public override void Remove(PooledChannel channel)
    {
        if (channel.PickIndex == Idle) Withdraw(channel);
        channel.PickIndex = Out;
    }

    public override bool TryPick([NotNullWhen(true)] out PooledChannel? channel)
    {
        channel = _hostsWithIdle.Count == 0 ? null : ChooseHost().Idle[^1];
        return channel is not null;
    }

    public override void Changed(PooledChannel channel)
    {
        if (channel.HasRoom && channel.PickIndex == Busy) Offer(channel);
        else if (!channel.HasRoom && channel.PickIndex == Idle) Withdraw(channel);
    }

    private UpstreamHost ChooseHost()
    {
        if (_hostsWithIdle.Count == 1) return _hostsWithIdle[0];
        var one = _hostsWithIdle[random.Next(_hostsWithIdle.Count)];
        var other = _hostsWithIdle[random.Next(_hostsWithIdle.Count)];
        return other.Busy < one.Busy ? other : one;
    }

    private void Offer(PooledChannel channel)
    {
        var idle = channel.Host.Idle;
        if (idle.Count == 0) _hostsWithIdle.Add(channel.Host);
        idle.Add(channel);
        channel.PickIndex = Idle;
    }

    private void Withdraw(PooledChannel channel)
    {
        // A picked channel stands last, where the search begins.
        var idle = channel.Host.Idle;
        idle.RemoveAt(idle.LastIndexOf(channel));
        if (idle.Count == 0) _hostsWithIdle.Remove(channel.Host);
        channel.PickIndex = Busy;
    }
}
