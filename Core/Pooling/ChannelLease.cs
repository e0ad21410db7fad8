using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// The right to make one call on one channel, with the permit for it. Given back exactly once, to the pool that dealt it
/// (<see cref="ChannelPool.Return"/>); giving it back again does nothing and is counted.
/// </summary>
public readonly struct ChannelLease
{
    private readonly PooledChannel? _owner;

    internal ChannelLease(PooledChannel owner, int slot, uint ticket, TimeSpan since)
    {
        _owner = owner;
        Slot = slot;
        Ticket = ticket;
        Since = since;
    }

    /// <summary>The channel to call on.</summary>
    public TransportChannel Channel => Owner.Transport;

    /// <summary>When the lease was dealt: the call's response time counts from here.</summary>
    public TimeSpan Since { get; }

    internal PooledChannel Owner => _owner ?? throw new InvalidOperationException("This lease was never dealt by a pool.");

    internal int Slot { get; }

    internal uint Ticket { get; }
}
