using System.Diagnostics.CodeAnalysis;

namespace OrleansPool.Core.Pooling;

/// <summary>For channels of one address that carry one call: the one used last, so that those not needed stay idle and close.</summary>
internal sealed class LastInFirstOutPickSet : PickSet
{
    private const int Busy = 0;
    private const int Idle = 1;

    private readonly List<PooledChannel> _idle = [];

    public override bool HasRoom => _idle.Count > 0;

    public override void Add(PooledChannel channel)
    {
        channel.PickIndex = Busy;
        Changed(channel);
    }

    public override void Remove(PooledChannel channel)
    {
        if (channel.PickIndex == Idle) Withdraw(channel);
        channel.PickIndex = PooledChannel.NotInPickSet;
    }

    public override bool TryPick([NotNullWhen(true)] out PooledChannel? channel)
    {
        channel = _idle.Count == 0 ? null : _idle[^1];
        return channel is not null;
    }

    public override void Changed(PooledChannel channel)
    {
        if (channel.HasRoom && channel.PickIndex == Busy) Offer(channel);
        else if (!channel.HasRoom && channel.PickIndex == Idle) Withdraw(channel);
    }

    private void Offer(PooledChannel channel)
    {
        _idle.Add(channel);
        channel.PickIndex = Idle;
    }

    private void Withdraw(PooledChannel channel)
    {
        // A picked channel stands last, where the search begins.
        _idle.RemoveAt(_idle.LastIndexOf(channel));
        channel.PickIndex = Busy;
    }
}
