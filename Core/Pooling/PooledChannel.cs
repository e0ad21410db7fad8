using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// The pool's record of one channel. Every field is guarded by the pool's lock. A channel only moves forward through its phases, and counts
/// against the maximum until <see cref="ChannelPhase.Closed"/>.
/// </summary>
internal sealed class PooledChannel(ChannelPool pool, ChannelRoster roster, UpstreamHost host, TransportChannel transport) : IChannelEvents
{
    /// <summary>The <see cref="PickIndex"/> of a channel that takes no calls.</summary>
    public const int NotInPickSet = -1;

    private readonly LeaseSlots _slots = new();

    public ChannelRoster Roster { get; } = roster;

    public TransportChannel Transport { get; } = transport;

    public UpstreamHost Host { get; } = host;

    public ChannelPhase Phase { get; set; }

    public CloseReason Reason { get; set; }

    /// <summary>Calls in flight: raised when the channel is picked, not when the call is sent, so that two picks never see the same number.</summary>
    public int InFlight { get; private set; }

    /// <summary>Calls it may carry at once: the configured number, or fewer where the peer says so.</summary>
    public int Capacity { get; set; }

    /// <summary>Calls carried so far.</summary>
    public long Uses { get; private set; }

    /// <summary>True once its end was counted against its host: that counts once, however many calls ended with it.</summary>
    public bool WasBlamed { get; set; }

    /// <summary>True once a call on it succeeded.</summary>
    public bool HasServed { get; set; }

    public TimeSpan CreatedAt { get; init; }

    public TimeSpan LastUsedAt { get; set; }

    /// <summary>When the channel is replaced; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan RetireAt { get; set; }

    /// <summary>True for one that is replaced because an operator said so, whatever its age.</summary>
    public bool IsRecalled { get; set; }

    /// <summary>Place in the pick set, kept by the set; <see cref="NotInPickSet"/> when not in it.</summary>
    public int PickIndex { get; set; } = NotInPickSet;

    public bool HasRoom => InFlight < Capacity;

    public bool IsIdle => InFlight == 0;

    public ChannelLease Take(TimeSpan now, CallRequest? request)
    {
        InFlight++;
        Uses++;
        Host.Busy++;
        var (slot, ticket) = _slots.Take(now, request);
        return new ChannelLease(this, slot, ticket, now);
    }

    public bool TryMarkStream(in ChannelLease lease) => _slots.TryMarkStream(lease.Slot, lease.Ticket);

    public bool TryReturn(in ChannelLease lease, TimeSpan now, out bool wasStream)
    {
        if (!_slots.TryReturn(lease.Slot, lease.Ticket, out wasStream)) return false;
        InFlight--;
        Host.Busy--;
        LastUsedAt = now;
        return true;
    }

    /// <summary>As people see it.</summary>
    public ChannelSnapshot Snapshot(TimeSpan now) => new(
        Host.Address.ToString(), Phase != ChannelPhase.Open ? ChannelState.Draining : IsIdle ? ChannelState.Idle : ChannelState.Busy, InFlight, Capacity, Uses, now - CreatedAt,
        IsIdle ? now - LastUsedAt : TimeSpan.Zero);

    /// <summary>Leases that are out since then or longer.</summary>
    public IEnumerable<(int Slot, TimeSpan Since)> Held(TimeSpan bound) => IsIdle ? [] : _slots.Held(bound);

    public CallRequest? RequestOf(int slot) => _slots.RequestOf(slot);

    public bool TryTell(int slot) => _slots.TryTell(slot);

    void IChannelEvents.OnPeerLimitChanged() => pool.OnPeerLimitChanged(this);

    void IChannelEvents.OnGoingAway() => pool.OnGoingAway(this);

    void IChannelEvents.OnClosed() => pool.OnClosed(this);
}
