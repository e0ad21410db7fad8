using Microsoft.Extensions.Logging;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling.Queueing;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// The channels of one endpoint in this process, and the calls that wait for them. Thread-safe.
/// <para>
/// One short lock guards all state: the queue here, the connections in <see cref="ChannelRoster"/>. What a change leads to (telling a waiter, closing
/// a socket, opening a connection) is noted in an <see cref="Aftermath"/> and done after the lock. There is one queue for permits and channels
/// together: whoever waits for either is served in the order of arrival, by whatever frees one: a return, a new channel, a raised limit, a peer that
/// allows more. Nobody overtakes: while anyone waits, a newcomer waits too.
/// </para>
/// </summary>
public sealed class ChannelPool : IAsyncDisposable
{
    private static readonly TimeSpan _housekeepingPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PoolSettings _settings;
    private readonly ChannelRoster _roster;
    private readonly PoolMilestones _life;
    private readonly PoolRefusals _refusals;
    private readonly HostSet _hosts;
    private readonly WaitingCalls _queue;
    private readonly Connector _connector;
    private readonly ConnectionPlan _plan;
    private readonly Opener _opener;
    private readonly ShareLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly PoolTotals _totals;
    private readonly PoolLog _log;
    private readonly ITimer _housekeeping;

    private CallFailure? _lastConnectFailure;

    /// <summary>
    /// A pool that knows no address yet, <see cref="SetAddresses"/> starts it, and has no share yet: <see cref="Apply"/> lets it open connections.
    /// </summary>
    public ChannelPool(PoolSettings settings, ITransport transport, ShareLimiter limiter, PoolTotals totals, TimeProvider time, ILogger logger, Random? random = null)
    {
        random ??= Random.Shared;
        (_settings, _limiter, _totals, _time) = (settings, limiter, totals, time);
        _log = new PoolLog(logger, settings.Name);
        _hosts = new HostSet(settings.Pool, time, random);
        _plan = new ConnectionPlan(settings, limiter);
        _roster = new ChannelRoster(settings, _plan, _hosts, new AddressPickSet(() => settings.IsMultiplexed ? new TwoChoicesPickSet(random) : new LastInFirstOutPickSet()), random, time);
        _life = new PoolMilestones(_roster, _plan);
        _refusals = new PoolRefusals(settings, limiter, _roster, _plan);
        _queue = new WaitingCalls(_gate, settings.Queue, _refusals, limiter.Meter, totals, time);
        _connector = new Connector(transport, _hosts, settings.Pool, time);
        _opener = new Opener(this, _connector);
        _housekeeping = time.CreateTimer(static pool => ((ChannelPool)pool!).Housekeep(), this, _housekeepingPeriod, _housekeepingPeriod);
    }

    /// <summary>Name of the endpoint.</summary>
    public string Name => _settings.Name;

    /// <summary>The name under which the queue is fair to a request's caller; null when it is not, or the request has none.</summary>
    public string? CallerOf(CallRequest request) => _queue.CallerOf(request);

    /// <summary>What a call is told while only others have a share; null when it may wait here.</summary>
    public CallFailure? Elsewhere
    {
        get
        {
            lock (_gate) return _plan.Share.Holders.Count > 0 ? _refusals.ShareElsewhere(_plan.Share.Holders) : null;
        }
    }

    /// <summary>Called, outside of any lock, when a call begins to wait and nobody waited before; on any thread.</summary>
    public Action? Starves { get; set; }

    /// <summary>Connections as the upstream can see them: connecting, idle, busy and draining (rule count_held of docs/budget.md).</summary>
    public int OpenConnections
    {
        get
        {
            lock (_gate) return _roster.Total;
        }
    }

    /// <summary>What calls ask of it right now.</summary>
    public PoolLoad Load()
    {
        lock (_gate) return new PoolLoad(_limiter.InFlight, _queue.Count, _limiter.Meter.Rate(_time.MonotonicNow()), _plan.Min, _plan.Max);
    }

    /// <summary>Completes when the minimum is open for the first time, or when a first round of attempts to get there has failed, for want of an address perhaps.</summary>
    public Task Warm => _life.Warm;

    /// <summary>
    /// A lease on a channel, with a permit: at once when both are free and nobody waits, else in turn. Ends early, by value, with the deadline, the
    /// maximum wait, the token, or when there is no way to get a channel.
    /// </summary>
    public ValueTask<AcquireResult> AcquireAsync(Admission call, CancellationToken cancellation)
    {
        while (true)
        {
            Waiter? waiter = null;
            CallFailure? refusal = null;
            var isFirst = false;
            var after = default(Aftermath);
            ChannelLease lease;
            lock (_gate)
            {
                var now = _time.MonotonicNow();
                _limiter.Meter.Arrived();
                if (!_queue.IsEmpty || !TryGrant_NeedsLock(now, out lease))
                {
                    lease = default;
                    refusal = Refusal_NeedsLock(call, now, cancellation, ref after);
                    isFirst = _queue.IsEmpty;
                    waiter = refusal is null ? _queue.Join_NeedsLock(call, now) : null;
                    if (waiter is not null) Serve_NeedsLock(ref after);
                }
            }

            if (refusal is not null) return new(new AcquireResult(refusal));
            if (waiter is not null)
            {
                Finish(after);
                if (isFirst) Starves?.Invoke();
                return _queue.AwaitTurnAsync(waiter, cancellation);
            }

            if (_settings.IsMultiplexed || lease.Channel.IsUsable()) return new(new AcquireResult(lease));
            Discard(lease);
        }
    }

    /// <summary>Gives a lease back with what the call taught. A second return of the same lease, or one of another pool's, changes nothing and is counted.</summary>
    public void Return(in ChannelLease lease, in CallOutcome outcome)
    {
        var after = default(Aftermath);
        bool isOurs;
        lock (_gate)
        {
            isOurs = TryTakeBack_NeedsLock(lease, outcome, ref after);
            if (!_queue.IsEmpty) Serve_NeedsLock(ref after);
        }

        Finish(after);
        if (!isOurs) _log.StrayReturn();
    }

    /// <summary>
    /// The call turned out to be a stream: it keeps its permit, and teaches the limit nothing, however it ends. Harmless to repeat, and for a lease that
    /// was given back.
    /// </summary>
    public void MarkStream(in ChannelLease lease)
    {
        lock (_gate)
        {
            if (_roster.TryMarkStream(lease)) _limiter.Meter.BecameStream(lease.Since, _time.MonotonicNow());
        }
    }

    /// <summary>
    /// Keeps to this share from now on. More of it serves whoever waits. Less of it cuts no call: no more permits are dealt until enough have come back, and
    /// connections above it drain, unless the share says that they must be severed.
    /// </summary>
    public void Apply(PoolShare share) => Change((pool, _, ref after) => pool.Apply_NeedsLock(share, ref after));

    /// <summary>Goes by these numbers from now on: nothing in flight is cut, channels that are too many drain, calls that wait go on waiting.</summary>
    public void Adjust(PoolTuning tuning) => Change((pool, _, ref after) => pool.Adjust_NeedsLock(tuning, ref after));

    /// <summary>Takes over the endpoint's current addresses; channels to addresses that are gone take no new calls and close when idle.</summary>
    public void SetAddresses(IReadOnlyList<ResolvedAddress> addresses)
    {
        var after = default(Aftermath);
        lock (_gate)
        {
            var gone = _hosts.Replace(addresses);
            _roster.RetireAll(channel => gone.Contains(channel.Host), CloseReason.AddressGone, ref after);
            _life.CheckWarm(_time.MonotonicNow());

            // Without an address there is nothing to try, and nothing to be waited for.
            if (addresses.Count == 0) _life.EndWarming();
            Serve_NeedsLock(ref after);
        }

        Finish(after);
    }

    /// <summary>
    /// Refuses new calls, tells waiting ones to go elsewhere, lets those in flight finish, and closes their channels; after <paramref name="bound"/>
    /// it closes what is left. Completes when no connection is left. Safe to repeat.
    /// </summary>
    public async Task DrainAsync(TimeSpan bound)
    {
        BeginDrain();
        await Task.WhenAny(_life.Empty, Task.Delay(bound, _time)).ConfigureAwait(false);
        PooledChannel[] left;
        lock (_gate) left = _roster.All;
        if (left.Length > 0) _log.DrainCut(left.Length, bound);
        foreach (var channel in left) channel.Transport.Dispose();
        await _life.Empty.ConfigureAwait(false);
    }

    /// <summary>What the pool saw of its upstream since the last time this was asked, which begins anew.</summary>
    public LoadSample TakeSample()
    {
        lock (_gate) return _limiter.Meter.Take(_time.MonotonicNow());
    }

    /// <summary>The pool right now.</summary>
    public PoolSnapshot Snapshot()
    {
        lock (_gate)
        {
            var busy = _roster.Busy;
            return new PoolSnapshot(
                _roster.Connecting, _roster.Open - busy, busy, _roster.Draining, _plan.Max,
                _limiter.InFlight, _limiter.Limit, _queue.Count, _queue.OldestWait, _totals.Copy());
        }
    }

    /// <summary>Closes everything now.</summary>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync(TimeSpan.Zero).ConfigureAwait(false);
        _opener.Dispose();
    }

    // ---- What channels report ----

    internal void OnPeerLimitChanged(PooledChannel channel) => Change(static (pool, channel, ref _) => pool._roster.SetCapacity(channel!), channel);

    internal void OnGoingAway(PooledChannel channel) =>
        Change(static (pool, channel, ref after) => pool._roster.Retire(channel!, channel!.Transport.HasEnded ? CloseReason.Lost : CloseReason.GoAway, ref after), channel);

    internal void OnClosed(PooledChannel channel) => Change(static (pool, channel, ref after) =>
    {
        if (channel!.Phase != ChannelPhase.Closed)
        {
            pool._roster.Forget(channel, ref after);
            pool._totals.CountClosed(channel.Reason);
            pool._life.CheckEmpty();
        }
    }, channel);

    private delegate void Step(ChannelPool pool, PooledChannel? channel, ref Aftermath after);

    private void Change(Step step, PooledChannel? channel = null)
    {
        var after = default(Aftermath);
        lock (_gate)
        {
            step(this, channel, ref after);
            Serve_NeedsLock(ref after);
        }

        Finish(after);
    }

    /// <summary>Once a second: close what is idle too long, replace what is too old, open what the minimum lacks, find what died unnoticed.</summary>
    private void Housekeep()
    {
        var after = default(Aftermath);
        List<PooledChannel> idle;
        lock (_gate)
        {
            var now = _time.MonotonicNow();
            idle = _roster.Sweep(ref after);
            _roster.RetireLeastBusy(_plan.Surplus(_roster, _hosts.All.Count, now), CloseReason.Shrink, ref after);
            Serve_NeedsLock(ref after);
        }

        Finish(after);
        foreach (var channel in idle.Where(c => !c.Transport.IsUsable())) Change(RetireIfIdle, channel);
    }

    private static void RetireIfIdle(ChannelPool pool, PooledChannel? channel, ref Aftermath after)
    {
        if (channel!.IsIdle) pool._roster.Retire(channel, CloseReason.Unusable, ref after);
    }

    // ---- The share ----

    private void Apply_NeedsLock(PoolShare share, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        _plan.Grant(share);
        _limiter.SetLimit(share.Permits, now);
        _plan.Shrink(_roster, now, ref after);
        if (share.Holders.Count > 0) _queue.TellAll_NeedsLock(_refusals.ShareElsewhere(share.Holders), ref after);
        _life.CheckWarm(now);
    }

    private void Adjust_NeedsLock(PoolTuning tuning, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        _queue.Adjust_NeedsLock(tuning.Queue);
        _plan.Adjust(tuning);
        _plan.Shrink(_roster, now, ref after);
        _life.CheckWarm(now);
    }

    // ---- Granting, waiting, giving back ----

    private bool TryGrant_NeedsLock(TimeSpan now, out ChannelLease lease)
    {
        lease = default;
        if (!_roster.HasRoom || !_limiter.TryAcquire(now)) return false;
        _totals.Acquired++;
        return _roster.TryTake(now, out lease);
    }

    private void Serve_NeedsLock(ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        while (!_queue.IsEmpty)
        {
            _queue.RefuseTheLate_NeedsLock(now, ref after);
            if (_queue.IsEmpty || !TryGrant_NeedsLock(now, out var lease)) break;
            _queue.Serve_NeedsLock(lease, ref after);
        }

        var connects = _plan.Connects(_roster, _queue.Count, now);
        if (connects > 0 && !_life.IsDraining && _hosts.AnyAvailable) _roster.Reserve(connects, ref after);
    }

    private bool TryTakeBack_NeedsLock(in ChannelLease lease, CallOutcome outcome, ref Aftermath after)
    {
        var now = _time.MonotonicNow();
        if (!_roster.TryReturn(lease, ref outcome, now, ref after))
        {
            _totals.StrayReturns++;
            return false;
        }

        _limiter.Settle(outcome, lease.Since, now);
        _queue.Learn_NeedsLock(outcome, now - lease.Since);
        return true;
    }

    private void Discard(in ChannelLease lease)
    {
        var after = default(Aftermath);
        lock (_gate)
        {
            TryTakeBack_NeedsLock(lease, CallOutcome.Ignored, ref after);
            _totals.Acquired--;
            _roster.Retire(lease.Owner, CloseReason.Unusable, ref after);
            Serve_NeedsLock(ref after);
        }

        Finish(after);
    }

    // ---- Opening ----

    private void Finish(in Aftermath after)
    {
        after.Run();
        if (after.Withdraws) _opener.Withdraw();
        _opener.Start(after.Connects);
    }

    internal void Opened(UpstreamHost host, TransportChannel transport)
    {
        var channel = _roster.NewRecord(this, host, transport);
        var after = default(Aftermath);
        lock (_gate)
        {
            _roster.Opened(channel);
            _totals.Connected++;
            if (_life.IsDraining) _roster.Retire(channel, CloseReason.Shutdown, ref after);
            else if (!_hosts.Contains(channel.Host)) _roster.Retire(channel, CloseReason.AddressGone, ref after);
            else if (_plan.Excess(_roster, _time.MonotonicNow()) > 0) _roster.Retire(channel, CloseReason.Shrink, ref after);
            _life.CheckWarm(_time.MonotonicNow());
            Serve_NeedsLock(ref after);
        }

        Finish(after);
        channel.Transport.Attach(channel);
    }

    /// <summary>An attempt came to nothing; null when it was withdrawn.</summary>
    internal void ConnectFailed(CallFailure? failure)
    {
        if (failure is not null) _log.ConnectFailed(failure);
        var after = default(Aftermath);
        lock (_gate)
        {
            _roster.Unreserve();
            _life.CheckEmpty();
            if (failure is null) Serve_NeedsLock(ref after);
            else TakeFailure_NeedsLock(failure, ref after);
        }

        Finish(after);
    }

    private void TakeFailure_NeedsLock(CallFailure failure, ref Aftermath after)
    {
        _lastConnectFailure = failure;
        _totals.ConnectFailed++;
        _life.EndWarming();

        // Whoever waited for this round is told at once; the next caller starts a new one, or learns that the circuit is open.
        if (_roster.IsHopeless) _queue.TellAll_NeedsLock(failure, ref after);
    }

    // ---- Ending ----

    private void BeginDrain()
    {
        var after = default(Aftermath);
        lock (_gate)
        {
            if (_life.IsDraining) return;
            _life.BeginDrain();
            _queue.TellAll_NeedsLock(_refusals.Draining(), ref after);
            _roster.RetireAll(_ => true, CloseReason.Shutdown, ref after);
            _life.CheckEmpty();
        }

        _housekeeping.Dispose();
        _opener.Withdraw();
        Finish(after);
    }

    // ---- Saying no ----

    private CallFailure? Refusal_NeedsLock(in Admission call, TimeSpan now, CancellationToken cancellation, ref Aftermath after)
    {
        CallFailure? refusal = null;
        if (_life.IsDraining) refusal = _refusals.Draining();
        else if (cancellation.IsCancellationRequested) refusal = PoolRefusals.CallerLeft();
        else if (call.Deadline.HasPassed(_time)) refusal = PoolRefusals.DeadlineAtArrival();
        else if (_roster.IsHopeless && !_hosts.AnyAvailable) refusal = _connector.NoHost(_lastConnectFailure);
        else if (_plan.Share.Holders.Count > 0 && call.SeekingSince is null) refusal = _refusals.ShareElsewhere(_plan.Share.Holders);
        else refusal = _queue.Refusal_NeedsLock(call, now, ref after);
        if (refusal is not null) _totals.Refused++;
        return refusal;
    }
}
