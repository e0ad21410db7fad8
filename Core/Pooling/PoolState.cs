using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// What a pool decides: who gets a lease and who waits, which connections are opened and which are given up. All of it is guarded by the pool's lock, which
/// whoever asks holds; what a decision leads to is noted in an <see cref="Aftermath"/>, and done by <see cref="ChannelPool"/> behind the lock.
/// </summary>
internal sealed class PoolState
{
    private readonly ShareLimiter _limiter;
    private readonly HostSet _hosts;
    private readonly ConnectionPlan _plan;
    private readonly PoolRefusals _refusals;
    private readonly PoolTotals _totals;
    private readonly TimeProvider _time;
    private readonly OutlierWatch _outliers;
    private readonly LeakWatch _leaks;
    private readonly ConnectPace _pace;
    private readonly TurnedAway _turnedAway = new();
    private readonly bool _letsWait;
    private CallFailure? _lastConnectFailure;

    public PoolState(PoolSettings settings, Lock gate, ShareLimiter limiter, HostSet hosts, PoolTotals totals, TimeProvider time, Random random)
    {
        (_limiter, _hosts, _totals, _time, _letsWait) = (limiter, hosts, totals, time, settings.LetsWait);
        _plan = new ConnectionPlan(settings, limiter);
        _pace = new ConnectPace(settings.Pool.ConnectRate);
        _outliers = new OutlierWatch(hosts, settings, totals, time);
        Roster = new ChannelRoster(settings, _plan, hosts, _outliers, new AddressPickSet(() => settings.IsMultiplexed ? new TwoChoicesPickSet(random) : new LastInFirstOutPickSet()), random, time);
        _refusals = new PoolRefusals(settings, limiter, Roster, _plan);
        Life = new PoolMilestones(Roster, _plan);
        Queue = new WaitingCalls(gate, settings.Queue, _refusals, limiter.Meter, totals, time);
        _leaks = new LeakWatch(Roster, settings.Pool.LeakThreshold, Queue.CallerOf, totals);
    }

    /// <summary>The connections.</summary>
    public ChannelRoster Roster { get; }

    /// <summary>The moments that others wait for.</summary>
    public PoolMilestones Life { get; }

    /// <summary>The calls that wait.</summary>
    public WaitingCalls Queue { get; }

    /// <summary>What a call is told while only others have a share; null when it may wait here.</summary>
    public CallFailure? Elsewhere => _plan.Share.Holders.Count > 0 ? _refusals.ShareElsewhere(_plan.Share.Holders) : null;

    /// <summary>What calls ask of the pool. Those turned away count as waiting, up to as many as are in flight: a burst must not ask for more than twice of what there is.</summary>
    public PoolLoad Load
    {
        get
        {
            var now = _time.MonotonicNow();
            var waiting = Queue.Count + Math.Min(_turnedAway.Count(now), _limiter.InFlight + 1);
            return new PoolLoad(_limiter.InFlight, waiting, _limiter.Meter.Rate(now), _plan.Min, _plan.Max, Life.IsDraining);
        }
    }

    /// <summary>The whole of it in numbers.</summary>
    public PoolSnapshot Snapshot()
    {
        var (busy, now) = (Roster.Busy, _time.MonotonicNow());
        return new PoolSnapshot(
            Roster.Connecting, Roster.Open - busy, busy, Roster.Draining, _plan.Max,
            _limiter.InFlight, _limiter.Limit, Queue.Count, Queue.OldestWait, _totals.Copy(), [.. _hosts.All.Select(host => host.Snapshot(now))], _leaks.Find(now))
        {
            Min = _plan.Min,
            Allowed = _plan.Allowed(now),
            Capacity = Roster.Capacity,
            IsPaused = _plan.Share.IsPaused,
        };
    }

    /// <summary>Who has calls in flight or waiting.</summary>
    public IReadOnlyList<CallerSnapshot> Callers()
    {
        var tally = new CallerTally(Queue.CallerOf);
        foreach (var channel in Roster.All)
        {
            foreach (var (slot, _) in channel.Held(TimeSpan.MaxValue)) tally.AddInFlight(channel.RequestOf(slot));
        }

        foreach (var waiter in Queue.All) tally.AddWaiting(waiter.Call.Request);
        return tally.Take();
    }

    // ---- Calls ----

    /// <summary>A permit and a place on a channel, when both are free.</summary>
    public bool TryGrant(CallRequest? request, TimeSpan now, out ChannelLease lease)
    {
        lease = default;
        if (_plan.Share.IsPaused || !Roster.HasRoom || !_limiter.TryAcquire(now)) return false;
        _totals.Acquired++;
        return Roster.TryTake(request, now, out lease);
    }

    /// <summary>A permit and a place beside that channel, when both are to spare.</summary>
    public bool TryGrantSpare(PooledChannel first, CallRequest request, TimeSpan now, out ChannelLease lease)
    {
        lease = default;
        if (!Queue.IsEmpty || Life.IsDraining || _plan.Share.IsPaused || !HasSpare(now) || Roster.FindBeside(first) is not { } channel || !_limiter.TryAcquire(now)) return false;
        _totals.Acquired++;
        lease = Roster.Take(channel, request, now);
        return true;
    }

    // A tenth of the permits stays for first attempts, and so does a place on a channel, or a slot for one.
    private bool HasSpare(TimeSpan now) =>
        _limiter.Free > Math.Max(1, _limiter.Limit / 10) && (Roster.Capacity - _limiter.InFlight > 1 || _plan.Allowed(now) > Roster.Total);

    /// <summary>Serves whoever waits and can be served, and opens what that or the minimum wants.</summary>
    public void Serve(ref Aftermath after)
    {
        // The upstream may be away just now, which nobody is to notice.
        if (_plan.Share.IsPaused) return;
        var now = _time.MonotonicNow();
        while (!Queue.IsEmpty)
        {
            Queue.RefuseTheLate_NeedsLock(now, ref after);
            if (Queue.IsEmpty || !TryGrant(Queue.First?.Call.Request, now, out var lease)) break;
            Queue.Serve_NeedsLock(lease, ref after);
        }

        var connects = _plan.Connects(Roster, Queue.Count, now);
        if (connects > 0 && !Life.IsDraining && _hosts.AnyAvailable) OpenAtPace(connects, now, ref after);
        if (!_letsWait && _plan.IsGranted) TurnAwayWhoWaitsInVain(now, ref after);
    }

    // They were to wait for a connect, and now it is for another call's end: the share shrank, or a peer takes fewer calls than was thought.
    private void TurnAwayWhoWaitsInVain(TimeSpan now, ref Aftermath after)
    {
        while (!Queue.IsEmpty && !_plan.WaitIsForConnect(Roster, Queue.Count - 1, _hosts.AnyAvailable, now)) Queue.TellLast_NeedsLock(TurnAway(now, ref after), now, ref after);
    }

    private void OpenAtPace(int connects, TimeSpan now, ref Aftermath after)
    {
        var part = _plan.Part(now);
        var taken = _pace.Take(connects, part, now);
        if (taken > 0) Roster.Reserve(taken, ref after);
        if (taken < connects) after.LookAgainIn = _pace.Wait(part, now);
    }

    /// <summary>A channel takes no more calls: the peer closed it, or said that it will.</summary>
    public void Lost(PooledChannel channel, ref Aftermath after)
    {
        if (channel.Phase != ChannelPhase.Open) return;
        Roster.Retire(channel, channel.Transport.HasEnded ? CloseReason.Lost : CloseReason.GoAway, ref after);
        NoteLoss();
    }

    private void NoteLoss()
    {
        var now = _time.MonotonicNow();
        _pace.Lost(_plan.Part(now), _plan.Share.Turn, now);
    }

    /// <summary>Takes a lease back, with what the call taught. False when it was not out, or is another pool's.</summary>
    public bool TryTakeBack(in ChannelLease lease, CallOutcome outcome, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        if (!Roster.TryReturn(lease, ref outcome, now, ref after))
        {
            _totals.StrayReturns++;
            return false;
        }

        _limiter.Settle(outcome, lease.Since, now);
        Queue.Learn_NeedsLock(outcome, now - lease.Since);
        return true;
    }

    /// <summary>Takes back what a check had: a place on a channel, without a permit.</summary>
    public void TakeBackFromCheck(in ChannelLease lease, ref Aftermath after)
    {
        var nothing = CallOutcome.Ignored;
        Roster.TryReturn(lease, ref nothing, _time.MonotonicNow(), ref after);
    }

    /// <summary>A check of an address ended: well, or why not.</summary>
    public void Checked(UpstreamHost host, string? why, ref Aftermath after)
    {
        if (_outliers.Checked(host, why, ref after)) Roster.LeaveOut(host, ref after);
    }

    /// <summary>The channel of a lease just dealt turned out to be dead: the call that got it asks again.</summary>
    public void Discard(in ChannelLease lease, ref Aftermath after)
    {
        TryTakeBack(lease, CallOutcome.Ignored, ref after);
        _totals.Acquired--;
        Roster.Retire(lease.Owner, CloseReason.Unusable, ref after);
        Serve(ref after);
    }

    /// <summary>Why a call may not wait, or null.</summary>
    public CallFailure? Refusal(in Admission call, TimeSpan now, CancellationToken cancellation, ref Aftermath after)
    {
        CallFailure? refusal = null;
        if (Life.IsDraining) refusal = _refusals.Draining();
        else if (cancellation.IsCancellationRequested) refusal = PoolRefusals.CallerLeft();
        else if (call.Deadline.HasPassed(_time)) refusal = PoolRefusals.DeadlineAtArrival();
        else if (_plan.Share.IsPaused) refusal = Queue.FullRefusal_NeedsLock(call, ref after);
        else if (Roster.IsHopeless && !_hosts.AnyAvailable) refusal = _hosts.NoneAvailable(_lastConnectFailure);
        else if (_plan.Share.Holders.Count > 0 && call.SeekingSince is null) refusal = _refusals.ShareElsewhere(_plan.Share.Holders);
        else if (!_letsWait && _plan.IsGranted && !_plan.WaitIsForConnect(Roster, Queue.Count, _hosts.AnyAvailable, now)) refusal = TurnAway(now, ref after);
        else refusal = Queue.Refusal_NeedsLock(call, now, ref after);
        if (refusal is not null) _totals.Refused++;
        return refusal;
    }

    private CallFailure TurnAway(TimeSpan now, ref Aftermath after)
    {
        after.Starves |= _turnedAway.Add(now);
        return _refusals.Exhausted();
    }

    // ---- Share, numbers, addresses ----

    /// <summary>Keeps to this share from now on.</summary>
    public void Apply(PoolShare share, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        _plan.Grant(share);
        _limiter.SetLimit(share.Permits, now);
        _plan.Shrink(Roster, now, ref after);
        if (share.Holders.Count > 0) Queue.TellAll_NeedsLock(_refusals.ShareElsewhere(share.Holders), ref after);
        Life.CheckWarm(now);

        // A host that starts now has nothing to open, and takes calls.
        if (share.IsPaused) Life.EndWarming();
        Queue.IsPaused = share.IsPaused;
    }

    /// <summary>Goes by these numbers from now on.</summary>
    public void Adjust(PoolTuning tuning, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        Queue.Adjust_NeedsLock(tuning.Queue);
        _plan.Adjust(tuning);
        _plan.Shrink(Roster, now, ref after);
        Life.CheckWarm(now);
    }

    /// <summary>Goes by these addresses from now on.</summary>
    public void SetAddresses(IReadOnlyList<ResolvedAddress> addresses, ref Aftermath after)
    {
        var gone = _hosts.Replace(addresses);
        _outliers.Reassess(ref after);
        Roster.RetireAll(channel => gone.Contains(channel.Host), CloseReason.AddressGone, ref after);
        Life.CheckWarm(_time.MonotonicNow());

        // Without an address there is nothing to try, and nothing to be waited for.
        if (addresses.Count == 0) Life.EndWarming();
    }

    // ---- Connections ----

    /// <summary>A reserved slot became a channel.</summary>
    public void Opened(PooledChannel channel, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        Roster.Opened(channel);
        _totals.Connected++;
        if (Life.IsDraining) Roster.Retire(channel, CloseReason.Shutdown, ref after);
        else if (!_hosts.Contains(channel.Host)) Roster.Retire(channel, CloseReason.AddressGone, ref after);
        else if (_plan.Excess(Roster, now) > 0) Roster.Retire(channel, CloseReason.Shrink, ref after);
        Life.CheckWarm(now);
        Serve(ref after);
    }

    /// <summary>A reserved slot is free again; null for an attempt that was withdrawn.</summary>
    public void ConnectFailed(CallFailure? failure, ref Aftermath after)
    {
        Roster.Unreserve();
        Life.CheckEmpty();
        if (failure is null)
        {
            Serve(ref after);
            return;
        }

        _lastConnectFailure = failure;
        _outliers.Reassess(ref after);
        _totals.ConnectFailed++;
        Life.EndWarming();

        // Whoever waited for this round is told at once; the next caller starts a new one, or learns that the circuit is open.
        if (!_plan.Share.IsPaused && (Roster.IsHopeless || (!_letsWait && Roster.Connecting == 0))) Queue.TellAll_NeedsLock(failure, ref after);
    }

    /// <summary>A channel's socket is closed.</summary>
    public void Closed(PooledChannel channel, ref Aftermath after)
    {
        if (channel.Phase == ChannelPhase.Closed) return;
        var wasOpen = channel.Phase == ChannelPhase.Open;
        Roster.Forget(channel, ref after);
        if (wasOpen) NoteLoss();
        _totals.CountClosed(channel.Reason);
        after.NoteClosed(channel);
        Life.CheckEmpty();
    }

    /// <summary>Gives up what is idle too long, too old or too much. Returns the idle channels that stay, to be looked at after the lock.</summary>
    public List<PooledChannel> Sweep(ref Aftermath after)
    {
        var idle = Roster.Sweep(ref after);
        _leaks.Look(_time.MonotonicNow(), ref after);
        Roster.RetireLeastBusy(_plan.Surplus(Roster, _hosts.All.Count, _time.MonotonicNow()), CloseReason.Shrink, ref after);
        Serve(ref after);
        return idle;
    }

    /// <summary>No new calls from now on, waiting ones are told to go elsewhere, channels close when idle.</summary>
    public void BeginDrain(ref Aftermath after)
    {
        Life.BeginDrain();
        Queue.TellAll_NeedsLock(_refusals.Draining(), ref after);
        Roster.RetireAll(_ => true, CloseReason.Shutdown, ref after);
        Life.CheckEmpty();
    }
}
