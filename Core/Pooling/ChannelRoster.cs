using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Which connections exist and what phase each is in. It keeps the one promise that the rest builds on: a slot is reserved before a connection is
/// opened and freed when its socket is closed, so <see cref="Total"/> never rises above what the share allows. Guarded by the pool's lock.
/// </summary>
internal sealed class ChannelRoster(PoolSettings settings, ConnectionPlan plan, HostSet hosts, OutlierWatch outliers, PickSet ready, Random random, TimeProvider time)
{
    // A channel lost this soon without having served a call counts as a failed attempt to connect, or accept-then-close would be retried without end.
    private static readonly TimeSpan _stillbornAge = TimeSpan.FromSeconds(1);

    private readonly List<PooledChannel> _channels = [];
    private readonly LifetimePace _lifetimes = new(settings.Pool.ConnectRate);

    private PoolOptions Options => settings.Pool;

    private bool HasSlot => Total < plan.Allowed(time.MonotonicNow());

    private int Minimum => plan.Minimum(time.MonotonicNow());

    /// <summary>Slots reserved for connections being opened.</summary>
    public int Connecting { get; private set; }

    /// <summary>Channels that take calls.</summary>
    public int Open { get; private set; }

    /// <summary>Channels that take no new calls and are not closed yet.</summary>
    public int Draining { get; private set; }

    /// <summary>Calls that the open channels can carry at once.</summary>
    public long Capacity { get; private set; }

    /// <summary>Open channels with at least one call.</summary>
    public int Busy => _channels.Count(c => c is { Phase: ChannelPhase.Open, IsIdle: false });

    /// <summary>Connections as the upstream can see them.</summary>
    public int Total => Connecting + Open + Draining;

    /// <summary>True when no channel takes calls and none is on its way.</summary>
    public bool IsHopeless => Open == 0 && Connecting == 0;

    /// <summary>All that are not closed, as a copy.</summary>
    public PooledChannel[] All => [.. _channels];

    /// <summary>True when a channel has room for a call.</summary>
    public bool HasRoom => ready.HasRoom;

    /// <summary>A call on the best channel that has room.</summary>
    public bool TryTake(CallRequest? request, TimeSpan now, out ChannelLease lease)
    {
        if (!ready.TryPick(out var channel))
        {
            lease = default;
            return false;
        }

        lease = Take(channel, request, now);
        return true;
    }

    /// <summary>A call on a channel that has room.</summary>
    public ChannelLease Take(PooledChannel channel, CallRequest? request, TimeSpan now)
    {
        var lease = channel.Take(now, request);
        channel.Host.Health.Taken(channel, now);
        ready.Changed(channel);
        return lease;
    }

    /// <summary>The best channel for a second attempt of a call that <paramref name="first"/> has: at another address, else another one, else the same; null when none has room.</summary>
    public PooledChannel? FindBeside(PooledChannel first) =>
        _channels.Where(c => c is { Phase: ChannelPhase.Open, HasRoom: true, Host.Health: { TakesCall: true, WantsProbe: false } })
            .MinBy(c => (c.Host == first.Host, c == first, c.InFlight / c.Host.Share));

    /// <summary>A place on the least busy channel to that address, whether it gets calls or not.</summary>
    public bool TryTakeAt(UpstreamHost host, TimeSpan now, out ChannelLease lease)
    {
        lease = default;
        var channel = _channels.Where(c => c.Host == host && c is { Phase: ChannelPhase.Open, HasRoom: true }).MinBy(c => c.InFlight);
        if (channel is null) return false;
        lease = channel.Take(now, request: null);
        ready.Changed(channel);
        return true;
    }

    /// <summary>
    /// Sets a slot aside for a first channel to that address. False when it has one, or no slot is free; but for an address that its checks keep out room is made then,
    /// or nobody would ever find it well again.
    /// </summary>
    public bool TryReserveFirst(UpstreamHost host, ref Aftermath after)
    {
        if (_channels.Exists(c => c.Host == host && c.Phase == ChannelPhase.Open)) return false;
        if (!HasSlot)
        {
            if (host.Health.IsOutByCheck) MakeRoom(host, ref after);
            return false;
        }

        Connecting++;
        return true;
    }

    /// <summary>The lease is a stream's. False, and no change, when that was known, or the lease is not out or not this roster's.</summary>
    public bool TryMarkStream(in ChannelLease lease) => lease.Owner.Roster == this && lease.Owner.TryMarkStream(lease);

    /// <summary>
    /// A call is over; what it was is completed by what is known of its lease. False, and no change, when the lease is not this roster's or was given
    /// back before.
    /// </summary>
    public bool TryReturn(in ChannelLease lease, ref CallOutcome outcome, TimeSpan now, ref Aftermath after)
    {
        var channel = lease.Owner;
        if (channel.Roster != this || !channel.TryReturn(lease, now, out var wasStream)) return false;
        channel.HasServed |= outcome.Verdict == Verdict.Success;
        if (wasStream) outcome = new CallOutcome(Verdict.Ignored, IsStream: true);
        if (!hosts.IsOne) Compare(channel, outcome, now - lease.Since, ref after);
        if (channel.Phase == ChannelPhase.Open) ready.Changed(channel);
        var isLost = outcome.Drop == DropKind.Failure;
        if (channel.Transport.IsSpent) Retire(channel, isLost ? CloseReason.Lost : CloseReason.CutShort, ref after);
        if (isLost && channel is { Phase: ChannelPhase.Closed, HasServed: false } && IsYoung(channel)) Blame(channel, ref after);
        if (IsUsedUp(channel)) Retire(channel, CloseReason.MaxUses, ref after);
        CloseWhenIdle(channel, ref after);
        return true;
    }

    private void Compare(PooledChannel channel, in CallOutcome outcome, TimeSpan took, ref Aftermath after)
    {
        hosts.Learn(channel.Host, outcome, took);
        if (outliers.Learn(channel, outcome, took, ref after)) LeaveOut(channel.Host, ref after);
    }

    /// <summary>Sets slots aside, to be opened after the lock.</summary>
    public void Reserve(int connects, ref Aftermath after)
    {
        Connecting += connects;
        after.Connects += connects;
    }

    /// <summary>A reserved slot was not used after all.</summary>
    public void Unreserve() => Connecting--;

    /// <summary>The record of a connection just opened, not yet counted as open. Needs no lock.</summary>
    public PooledChannel NewRecord(ChannelPool pool, UpstreamHost host, TransportChannel transport)
    {
        var now = time.MonotonicNow();
        var lifetime = Options.MaxLifetime * (1 - (Options.LifetimeJitter * random.NextDouble()));
        return new PooledChannel(pool, this, host, transport)
        {
            Capacity = CapacityOf(transport),
            CreatedAt = now,
            LastUsedAt = now,
            RetireAt = Options.MaxLifetime == TimeSpan.Zero ? TimeSpan.MaxValue : now + lifetime,
        };
    }

    /// <summary>A reserved slot became a channel.</summary>
    public void Opened(PooledChannel channel)
    {
        Connecting--;
        Open++;
        Capacity += channel.Capacity;
        _channels.Add(channel);
        ready.Add(channel);
        if (channel.Host.TakeComeback()) channel.Host.Health.StartSlowly(time.MonotonicNow());
    }

    /// <summary>The peer changed how many calls it takes.</summary>
    public void SetCapacity(PooledChannel channel)
    {
        var before = channel.Capacity;
        channel.Capacity = CapacityOf(channel.Transport);
        if (channel.Phase != ChannelPhase.Open) return;
        Capacity += channel.Capacity - before;
        ready.Changed(channel);
    }

    /// <summary>Calls at once on a channel: the configured number, or fewer where the peer says so.</summary>
    public int CapacityOf(TransportChannel transport) => Math.Min(settings.CallsPerChannel, transport.PeerLimit);

    /// <summary>No new calls on it; it closes when the last one is back. Nothing in flight is cut.</summary>
    public void Retire(PooledChannel channel, CloseReason reason, ref Aftermath after)
    {
        if (channel.Phase != ChannelPhase.Open) return;
        Withdraw(channel);
        Draining++;
        channel.Reason = reason;
        channel.Phase = ChannelPhase.Draining;
        CloseWhenIdle(channel, ref after);
    }

    /// <summary>The address gets no calls for a while: its channels finish what is in flight and give their slots to others. A probe comes on a fresh one.</summary>
    public void LeaveOut(UpstreamHost host, ref Aftermath after)
    {
        if (host.IsLeftOut) RetireAll(channel => channel.Host == host, CloseReason.Ejected, ref after);
    }

    /// <summary>Sees to it that an address which is to be probed gets a channel, at the cost of one to an address that has several where all slots are taken.</summary>
    private void MakeWayForProbe(ref Aftermath after)
    {
        var host = hosts.All.FirstOrDefault(h => h is { Health.WantsProbe: true, IsConnectable: true });
        if (host is null || Connecting > 0 || _channels.Exists(c => c.Host == host && c.Phase == ChannelPhase.Open)) return;
        var hasSlot = HasSlot;
        MakeRoom(host, ref after);
        if (hasSlot) Reserve(1, ref after);
    }

    // The slot that becomes free is for this address, whoever opens the next connection.
    private void MakeRoom(UpstreamHost host, ref Aftermath after)
    {
        host.WantsProbe = true;
        if (HasSlot || Connecting > 0 || Draining > 0) return;
        var spare = _channels.Where(c => c.Phase == ChannelPhase.Open && c.Host.Connections > 1).MinBy(c => c.InFlight);
        if (spare is not null) Retire(spare, CloseReason.MadeRoom, ref after);
    }

    /// <summary><see cref="Retire"/> for all that <paramref name="which"/> says.</summary>
    public void RetireAll(Func<PooledChannel, bool> which, CloseReason reason, ref Aftermath after)
    {
        foreach (var channel in _channels)
        {
            if (which(channel)) Retire(channel, reason, ref after);
        }
    }

    /// <summary>All open channels are of age from now on, and so replaced one after the other.</summary>
    public void RecallAll(TimeSpan now)
    {
        foreach (var channel in _channels.Where(c => c.Phase == ChannelPhase.Open)) (channel.RetireAt, channel.IsRecalled) = (now, true);
    }

    /// <summary>Retires so many channels: idle ones first, then those with the fewest calls.</summary>
    public void RetireLeastBusy(int count, CloseReason reason, ref Aftermath after)
    {
        if (count <= 0) return;
        foreach (var channel in _channels.Where(c => c.Phase == ChannelPhase.Open).OrderBy(c => c.InFlight).Take(count).ToList()) Retire(channel, reason, ref after);
    }

    /// <summary>
    /// Closes so many connections at once: idle ones first, then those being opened, all of them, then draining ones, then the others, whatever is in flight
    /// on them (rule sever of docs/budget.md).
    /// </summary>
    public void Sever(int count, ref Aftermath after)
    {
        count -= _channels.Count(c => c.Phase == ChannelPhase.Closing);
        if (count <= 0) return;
        var byLoss = _channels.Where(c => c.Phase != ChannelPhase.Closing).OrderBy(c => !c.IsIdle).ThenBy(c => c.Phase == ChannelPhase.Open).ThenBy(c => c.InFlight).ToList();
        var idle = byLoss.Count(c => c.IsIdle);
        after.Withdraws = count > idle && Connecting > 0;
        foreach (var channel in byLoss.Take(count <= idle ? count : Math.Max(idle, count - Connecting)))
        {
            Retire(channel, CloseReason.Severed, ref after);
            if (channel.Phase != ChannelPhase.Draining) continue;
            (channel.Phase, channel.Reason) = (ChannelPhase.Closing, CloseReason.Severed);
            after.Close(channel);
        }
    }

    /// <summary>The socket is closed: now, and not before, its slot is free.</summary>
    public void Forget(PooledChannel channel, ref Aftermath after)
    {
        if (channel.Phase == ChannelPhase.Closed) return;
        if (channel.Phase == ChannelPhase.Open)
        {
            Withdraw(channel);
            channel.Reason = CloseReason.Lost;
        }
        else
        {
            Draining--;
        }

        channel.Phase = ChannelPhase.Closed;
        _channels.Remove(channel);
        hosts.Release(channel.Host);
        if (IsStillborn(channel)) Blame(channel, ref after);
    }

    /// <summary>Retires what is idle too long or too old. Returns the idle channels that stay, to be looked at after the lock.</summary>
    public List<PooledChannel> Sweep(ref Aftermath after)
    {
        hosts.Recover();
        foreach (var host in outliers.Advance(ref after)) LeaveOut(host, ref after);
        MakeWayForProbe(ref after);
        List<PooledChannel> idle = [];
        foreach (var channel in _channels)
        {
            if (channel.Phase != ChannelPhase.Open) continue;
            if (IsIdleTooLong(channel)) Retire(channel, CloseReason.Idle, ref after);
            else if (time.MonotonicNow() >= channel.RetireAt && IsReplacedNow(channel, ref after)) Retire(channel, channel.IsRecalled ? CloseReason.Replaced : CloseReason.MaxLifetime, ref after);
            else if (channel.IsIdle) idle.Add(channel);
        }

        return idle;
    }

    // Takes no more calls, whatever becomes of it.
    private void Withdraw(PooledChannel channel)
    {
        ready.Remove(channel);
        Open--;
        Capacity -= channel.Capacity;
    }

    private static void Blame(PooledChannel channel, ref Aftermath after)
    {
        if (channel.WasBlamed) return;
        channel.WasBlamed = true;
        after.Blame(channel.Host);
    }

    private static void CloseWhenIdle(PooledChannel channel, ref Aftermath after)
    {
        if (channel is not { Phase: ChannelPhase.Draining, IsIdle: true }) return;
        channel.Phase = ChannelPhase.Closing;
        after.Close(channel);
    }

    private bool IsUsedUp(PooledChannel channel) =>
        Options.MaxUses > 0 && channel.Uses >= Options.MaxUses && (channel.IsIdle || HasSlot);

    private bool IsIdleTooLong(PooledChannel channel) =>
        channel.IsIdle && Open > Minimum && Options.IdleTimeout > TimeSpan.Zero && time.MonotonicNow() - channel.LastUsedAt >= Options.IdleTimeout;

    private bool IsReplacedNow(PooledChannel channel, ref Aftermath after)
    {
        var now = time.MonotonicNow();
        var part = plan.Part(now);
        if (!_lifetimes.IsDue(part, plan.Share.Turn, now) || !MayReplace(channel, ref after)) return false;
        _lifetimes.Replaced(part, now);
        return true;
    }

    /// <summary>Make before break: below the minimum a replacement is opened first; a busy channel goes only where there is room for one.</summary>
    private bool MayReplace(PooledChannel channel, ref Aftermath after)
    {
        var hasRoom = HasSlot;
        if (Open > Minimum || !hasRoom) return channel.IsIdle || hasRoom;
        if (Connecting == 0 && hosts.AnyAvailable) Reserve(1, ref after);
        return false;
    }

    // One that broke under a call may have been broken by that call's end: what became of the call tells, when it is given back.
    private bool IsStillborn(PooledChannel channel) =>
        !channel.HasServed && channel.Reason is CloseReason.Lost or CloseReason.GoAway or CloseReason.Unusable
        && (channel.IsIdle || channel.Transport.HasEnded) && IsYoung(channel);

    private bool IsYoung(PooledChannel channel) => time.MonotonicNow() - channel.CreatedAt < _stillbornAge;
}
