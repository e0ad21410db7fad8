using Microsoft.Extensions.Logging;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Pooling.Queueing;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// The channels of one endpoint in this process, and the calls that wait for them. Thread-safe.
/// <para>
/// One short lock guards all state, which is in <see cref="PoolState"/>. What a change leads to (telling a waiter, closing
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
    private readonly PoolState _state;
    private readonly HostSet _hosts;
    private readonly ShareLimiter _limiter;
    private readonly Opener _opener;
    private readonly TimeProvider _time;
    private readonly ConnectionRecorder? _recorder;
    private readonly PoolLog _log;
    private readonly AddressLog _addressLog;
    private readonly ITimer _housekeeping;
    private readonly ITimer _pacing;

    /// <summary>
    /// A pool that knows no address yet, <see cref="SetAddresses"/> starts it, and has no share yet: <see cref="Apply"/> lets it open connections.
    /// </summary>
    public ChannelPool(PoolSettings settings, ITransport transport, ShareLimiter limiter, PoolTotals totals, TimeProvider time, ILogger logger, Random? random = null, ConnectionRecorder? recorder = null)
    {
        random ??= Random.Shared;
        (_settings, _limiter, _time, _recorder) = (settings, limiter, time, recorder);
        (_log, _addressLog) = (new PoolLog(logger, settings.Name), new AddressLog(logger, settings.Name));
        _hosts = new HostSet(settings, time, random);
        _state = new PoolState(settings, _gate, limiter, _hosts, totals, time, random);
        _opener = new Opener(this, new Connector(transport, _hosts, settings.Pool, time, recorder));
        _pacing = time.CreateTimer(static pool => ((ChannelPool)pool!).Change(static (_, _, ref _) => { }), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _housekeeping = time.CreateTimer(static pool => ((ChannelPool)pool!).Housekeep(), this, _housekeepingPeriod, _housekeepingPeriod);
    }

    /// <summary>Name of the endpoint.</summary>
    public string Name => _settings.Name;

    /// <summary>The name under which the queue is fair to a request's caller; null when it is not, or the request has none.</summary>
    public string? CallerOf(CallRequest request) => _state.Queue.CallerOf(request);

    /// <summary>What a call is told while only others have a share; null when it may wait here.</summary>
    public CallFailure? Elsewhere
    {
        get
        {
            lock (_gate) return _state.Elsewhere;
        }
    }

    /// <summary>Called, outside of any lock, when a call begins to wait and nobody waited before, or is the first lately to be turned away; on any thread.</summary>
    public Action? Starves { get; set; }

    /// <summary>Connections as the upstream can see them: connecting, idle, busy and draining (rule count_held of docs/budget.md).</summary>
    public int OpenConnections
    {
        get
        {
            lock (_gate) return _state.Roster.Total;
        }
    }

    /// <summary>What calls ask of it right now.</summary>
    public PoolLoad Load()
    {
        lock (_gate) return _state.Load;
    }

    /// <summary>Completes when the minimum is open for the first time, or when a first round of attempts to get there has failed, for want of an address perhaps.</summary>
    public Task Warm => _state.Life.Warm;

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
            var after = default(Aftermath);
            ChannelLease lease;
            lock (_gate)
            {
                var now = _time.MonotonicNow();
                _limiter.Meter.Arrived();
                if (!_state.Queue.IsEmpty || !_state.TryGrant(call.Request, now, out lease))
                {
                    lease = default;
                    refusal = _state.Refusal(call, now, cancellation, ref after);
                    after.Starves |= refusal is null && _state.Queue.IsEmpty;
                    waiter = refusal is null ? _state.Queue.Join_NeedsLock(call, now) : null;
                    if (waiter is not null) _state.Serve(ref after);
                }
            }

            if (refusal is not null || waiter is not null) Finish(after);
            if (refusal is not null) return new(new AcquireResult(refusal));
            if (waiter is not null)
            {
                return _state.Queue.AwaitTurnAsync(waiter, cancellation);
            }

            if (_settings.IsMultiplexed || lease.Channel.IsUsable()) return new(new AcquireResult(lease));
            Discard(lease);
        }
    }

    /// <summary>
    /// One more lease for a call that has one: at another address where one has room, else on another channel, else on the same. Only at once, only while nobody
    /// waits, and only where permits and a channel are left for whoever comes next.
    /// </summary>
    public bool TryAcquireSpare(in ChannelLease first, CallRequest request, out ChannelLease lease)
    {
        lock (_gate)
        {
            if (!_state.TryGrantSpare(first.Owner, request, _time.MonotonicNow(), out lease)) return false;
        }

        if (_settings.IsMultiplexed || lease.Channel.IsUsable()) return true;
        Discard(lease);
        return false;
    }

    /// <summary>Gives a lease back with what the call taught. A second return of the same lease, or one of another pool's, changes nothing and is counted.</summary>
    public void Return(in ChannelLease lease, in CallOutcome outcome)
    {
        var after = default(Aftermath);
        bool isOurs;
        lock (_gate)
        {
            isOurs = _state.TryTakeBack(lease, outcome, ref after);
            if (!_state.Queue.IsEmpty) _state.Serve(ref after);
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
            if (_state.Roster.TryMarkStream(lease)) _limiter.Meter.BecameStream(lease.Since, _time.MonotonicNow());
        }
    }

    /// <summary>
    /// Keeps to this share from now on. More of it serves whoever waits. Less of it cuts no call: no more permits are dealt until enough have come back, and
    /// connections above it drain, unless the share says that they must be severed.
    /// </summary>
    public void Apply(PoolShare share) => Change((state, _, ref after) => state.Apply(share, ref after));

    /// <summary>Goes by these numbers from now on: nothing in flight is cut, channels that are too many drain, calls that wait go on waiting.</summary>
    public void Adjust(PoolTuning tuning) => Change((state, _, ref after) => state.Adjust(tuning, ref after));

    /// <summary>Closes the channels that have no call; what the minimum wants is opened anew.</summary>
    public void EvictIdle() => Change((state, _, ref after) => state.Roster.RetireAll(channel => channel.IsIdle, CloseReason.Evicted, ref after));

    /// <summary>Has all channels of now replaced, at the pace at which they may be opened; calls in flight finish.</summary>
    public void Reconnect() => Change((state, _, ref _) => state.Roster.RecallAll(_time.MonotonicNow()));

    /// <summary>Takes over the endpoint's current addresses; channels to addresses that are gone take no new calls and close when idle.</summary>
    public void SetAddresses(IReadOnlyList<ResolvedAddress> addresses) => Change((state, _, ref after) => state.SetAddresses(addresses, ref after));

    /// <summary>
    /// Refuses new calls, tells waiting ones to go elsewhere, lets those in flight finish, and closes their channels; after <paramref name="bound"/>
    /// it closes what is left. Completes when no connection is left. Safe to repeat.
    /// </summary>
    public async Task DrainAsync(TimeSpan bound)
    {
        BeginDrain();
        await Task.WhenAny(_state.Life.Empty, Task.Delay(bound, _time)).ConfigureAwait(false);
        PooledChannel[] left;
        lock (_gate) left = _state.Roster.All;
        if (left.Length > 0) _log.DrainCut(left.Length, bound);
        foreach (var channel in left) channel.Transport.Dispose();
        await _state.Life.Empty.ConfigureAwait(false);
    }

    /// <summary>What the pool saw of its upstream since the last time this was asked, which begins anew.</summary>
    public LoadSample TakeSample()
    {
        lock (_gate) return _limiter.Meter.Take(_time.MonotonicNow());
    }

    /// <summary>The pool right now.</summary>
    public PoolSnapshot Snapshot()
    {
        lock (_gate) return _state.Snapshot();
    }

    /// <summary>Its open connections, for people. Looks at each.</summary>
    public IReadOnlyList<ChannelSnapshot> Channels()
    {
        lock (_gate) return [.. _state.Roster.All.Select(channel => channel.Snapshot(_time.MonotonicNow()))];
    }

    /// <summary>Who has calls in flight or waiting here, for people. Looks at each call.</summary>
    public IReadOnlyList<CallerSnapshot> Callers()
    {
        lock (_gate) return _state.Callers();
    }

    /// <summary>Closes everything now.</summary>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync(TimeSpan.Zero).ConfigureAwait(false);
        _opener.Dispose();
    }

    // ---- Checks ----

    internal IReadOnlyList<UpstreamHost> Hosts => _hosts.All;

    /// <summary>A place for a check on a channel to that address, without a permit: it must not wait behind the load that it is to judge.</summary>
    internal bool TryTakeForCheck(UpstreamHost host, out ChannelLease lease)
    {
        lock (_gate) return _state.Roster.TryTakeAt(host, _time.MonotonicNow(), out lease);
    }

    internal void ReturnFromCheck(ChannelLease lease) => Change((state, _, ref after) => state.TakeBackFromCheck(lease, ref after));

    internal void Checked(UpstreamHost host, string? why) => Change((state, _, ref after) => state.Checked(host, why, ref after));

    /// <summary>Opens a first channel to that address, in a slot like any other. Null when it did, and when there is nothing to do: it has one, or no slot is free.</summary>
    internal async ValueTask<CallFailure?> OpenForCheckAsync(UpstreamHost host, CancellationToken cancellation)
    {
        var after = default(Aftermath);
        bool mayOpen;
        lock (_gate) mayOpen = !_state.Life.IsDraining && _state.Roster.TryReserveFirst(host, ref after);
        Finish(after);
        return !mayOpen ? null : await _opener.OpenAsync(host, cancellation).ConfigureAwait(false);
    }

    // ---- What channels report ----

    internal void OnPeerLimitChanged(PooledChannel channel) => Change(static (state, channel, ref _) => state.Roster.SetCapacity(channel!), channel);

    internal void OnGoingAway(PooledChannel channel) =>
        Change(static (state, channel, ref after) => state.Lost(channel!, ref after), channel);

    internal void OnClosed(PooledChannel channel) => Change(static (state, channel, ref after) => state.Closed(channel!, ref after), channel);

    // ---- What attempts to connect report ----

    internal void Opened(UpstreamHost host, TransportChannel transport)
    {
        var channel = _state.Roster.NewRecord(this, host, transport);
        var after = default(Aftermath);
        lock (_gate) _state.Opened(channel, ref after);
        Finish(after);
        channel.Transport.Attach(channel);
    }

    /// <summary>An attempt came to nothing; null when it was withdrawn.</summary>
    internal void ConnectFailed(CallFailure? failure)
    {
        if (failure is not null) _log.ConnectFailed(failure);
        var after = default(Aftermath);
        lock (_gate) _state.ConnectFailed(failure, ref after);
        Finish(after);
    }

    private delegate void Step(PoolState state, PooledChannel? channel, ref Aftermath after);

    private void Change(Step step, PooledChannel? channel = null)
    {
        var after = default(Aftermath);
        lock (_gate)
        {
            step(_state, channel, ref after);
            _state.Serve(ref after);
        }

        Finish(after);
    }

    /// <summary>Once a second: close what is idle too long, replace what is too old, open what the minimum lacks, find what died unnoticed.</summary>
    private void Housekeep()
    {
        var after = default(Aftermath);
        List<PooledChannel> idle;
        lock (_gate) idle = _state.Sweep(ref after);
        Finish(after);
        foreach (var channel in idle.Where(c => !c.Transport.IsUsable())) Change(RetireIfIdle, channel);
    }

    private static void RetireIfIdle(PoolState state, PooledChannel? channel, ref Aftermath after)
    {
        if (channel!.IsIdle) state.Roster.Retire(channel, CloseReason.Unusable, ref after);
    }

    private void Discard(in ChannelLease lease)
    {
        var after = default(Aftermath);
        lock (_gate) _state.Discard(lease, ref after);
        Finish(after);
    }

    private void Finish(in Aftermath after)
    {
        after.Run();
        if (after.Changes is { } changes) Tell(changes);
        if (after.Closed is { } closed) closed.ForEach(channel => _recorder?.Closed(channel.Reason, _time.MonotonicNow() - channel.CreatedAt));
        if (after.Leaks is { } leaks) leaks.ForEach(_log.Leak);
        if (after.Withdraws) _opener.Withdraw();
        _opener.Start(after.Connects);
        if (after.LookAgainIn > TimeSpan.Zero) _pacing.Change(after.LookAgainIn, Timeout.InfiniteTimeSpan);
        if (after.Starves) Starves?.Invoke();
    }

    private void Tell(IReadOnlyList<AddressChange> changes)
    {
        foreach (var change in changes) _addressLog.Tell(change);
    }

    private void BeginDrain()
    {
        var after = default(Aftermath);
        lock (_gate)
        {
            if (_state.Life.IsDraining) return;
            _state.BeginDrain(ref after);
        }

        _housekeeping.Dispose();
        _pacing.Dispose();
        _state.Queue.Dispose();
        _opener.Withdraw();
        Finish(after);
    }
}
