using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// The calls of a pool that wait for a permit or a channel: who is next, how each leaves, and what that is counted as. It shares the pool's lock,
/// the gate: methods ending in _NeedsLock are called with it held, the others without.
/// </summary>
internal sealed class WaitingCalls : IDisposable
{
    // Looking at a waiter takes some 10 ns under the lock; so looking at all of them, in a queue of any length, takes a tenth of it at most.
    private static readonly TimeSpan _restAfterEach = TimeSpan.FromTicks(1);

    private readonly Lock _gate;
    private readonly PoolRefusals _refusals;
    private readonly LoadMeter _meter;
    private readonly PoolTotals _totals;
    private readonly TimeProvider _time;
    private readonly FairQueue<Waiter> _queue;
    private readonly WaitEstimate _estimate = new();
    private readonly AnswerTimes _answers = new();
    private readonly Alarm _patienceEnds;
    private volatile QueueOptions _options;

    public WaitingCalls(Lock gate, QueueOptions options, PoolRefusals refusals, LoadMeter meter, PoolTotals totals, TimeProvider time)
    {
        (_gate, _options, _refusals, _meter, _totals, _time) = (gate, options, refusals, meter, totals, time);
        _queue = new FairQueue<Waiter>(options.Fairness.Rules);
        _patienceEnds = new Alarm(ExpireAll, time);
    }

    public int Count => _queue.Count;

    /// <summary>While it is, <see cref="QueueOptions.MaxWait"/> ends nobody's wait, only deadlines do; it begins anew where it would have ended.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The one that is next; null when nobody waits.</summary>
    public Waiter? First => _queue.First;

    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>All that wait, caller by caller.</summary>
    public IEnumerable<Waiter> All => _queue.All;

    /// <summary>The name under which the queue is fair to a request's caller; null when it is not, or the request has none. Needs no lock.</summary>
    public string? CallerOf(CallRequest request) => _options.Fairness.CallerOf(request);

    /// <summary>These hold from now on: the bounds for newcomers, the weights for all.</summary>
    public void Adjust_NeedsLock(QueueOptions options)
    {
        _options = options;
        _queue.Rules = options.Fairness.Rules;
    }

    /// <summary>How long the one that came first has been waiting.</summary>
    public TimeSpan OldestWait => _queue.OldestSince is { } since ? _time.MonotonicNow() - since : TimeSpan.Zero;

    /// <summary>Why a newcomer may not wait, or null. A full queue makes room for it by the last call of a caller that fills it.</summary>
    public CallFailure? Refusal_NeedsLock(in Admission call, TimeSpan now, ref Aftermath after)
    {
        return ExpectedWait_NeedsLock(call, now) is { } wait ? Refused(_refusals.WaitTooLong(wait)) : FullRefusal_NeedsLock(call, ref after);
    }

    /// <summary>The same by the queue's length alone, where nobody can tell how long the wait will be.</summary>
    public CallFailure? FullRefusal_NeedsLock(in Admission call, ref Aftermath after)
    {
        if (Count < _options.MaxWaiters) return null;
        if (_queue.Displaced(call.Caller) is not { } last) return Refused(_refusals.QueueFull(_options.MaxWaiters));
        _queue.Remove(last);
        _totals.Refused++;
        after.Tell(last, new AcquireResult(Refused(_refusals.QueueFull(_options.MaxWaiters))));
        return null;
    }

    /// <summary>A newcomer waits.</summary>
    public Waiter Join_NeedsLock(in Admission call, TimeSpan now)
    {
        var since = call.SeekingSince ?? now;
        var waiter = new Waiter(this, since, PatienceOf(call, since, now), call);
        _queue.Add(waiter, call.Caller);
        Changed(now);
        return waiter;
    }

    /// <summary>A call is over: what it took is what the next one will need, and what it had in vain was too little.</summary>
    public void Learn_NeedsLock(in CallOutcome outcome, TimeSpan took)
    {
        if (outcome.Verdict == Verdict.Success) _answers.Answered(outcome.MethodClass, took);
        else if (outcome.Drop == DropKind.Timeout) _answers.Unanswered(outcome.MethodClass, took);
    }

    /// <summary>Refuses those who are next but have waited too long to be answered in time: a permit would be lost on them.</summary>
    public void RefuseTheLate_NeedsLock(TimeSpan now, ref Aftermath after)
    {
        while (_queue.First is { } first && IsTooLate(first.Call))
        {
            _totals.TimedOut++;
            after.Tell(_queue.TakeFirst(), new AcquireResult(Refused(_refusals.WaitTooLong(now - first.Since))));
            Changed(now);
        }
    }

    /// <summary>The next one gets a lease.</summary>
    public void Serve_NeedsLock(in ChannelLease lease, ref Aftermath after)
    {
        after.Tell(_queue.TakeFirst(), new AcquireResult(lease));
        _totals.Waited++;
        _meter.Waited();
        _estimate.Served(lease.Since);
        Changed(lease.Since);
    }

    /// <summary>The last one is told, of the caller that has the most waiting.</summary>
    public void TellLast_NeedsLock(CallFailure failure, TimeSpan now, ref Aftermath after)
    {
        if (_queue.Last is not { } last) return;
        _queue.Remove(last);
        _totals.Refused++;
        after.Tell(last, new AcquireResult(failure));
        Changed(now);
    }

    /// <summary>All of them are told the same.</summary>
    public void TellAll_NeedsLock(CallFailure failure, ref Aftermath after)
    {
        if (IsEmpty) return;
        while (!IsEmpty)
        {
            after.Tell(_queue.TakeFirst(), new AcquireResult(failure));
            _totals.Refused++;
        }

        Changed(_time.MonotonicNow());
    }

    /// <summary>Completes when the waiter was served or told something else, with the deadline, the maximum wait, or when its caller leaves. To be awaited once.</summary>
    public ValueTask<AcquireResult> AwaitTurnAsync(Waiter waiter, CancellationToken cancellation)
    {
        _patienceEnds.Set(waiter.Patience.End);
        return waiter.AwaitTurnAsync(cancellation);
    }

    /// <summary>The waiter's caller left.</summary>
    public void Withdraw(Waiter waiter)
    {
        lock (_gate)
        {
            if (!TryLeave_NeedsLock(waiter)) return;
            _totals.Cancelled++;
        }

        waiter.Tell(new AcquireResult(PoolRefusals.CallerLeft()));
    }

    public void Dispose() => _patienceEnds.Dispose();

    private Patience PatienceOf(in Admission call, TimeSpan since, TimeSpan now)
    {
        var longest = since + _options.MaxWait;
        if (call.Deadline.IsNone) return new Patience(longest, false);
        var deadline = now + call.Deadline.Remaining(_time);
        return deadline <= longest ? new Patience(deadline, true) : new Patience(longest, false);
    }

    private void ExpireAll()
    {
        List<Waiter> late;
        TimeSpan? next = null;
        var now = _time.MonotonicNow();
        lock (_gate)
        {
            if (IsPaused) BePatientAnew_NeedsLock(now);
            late = [.. _queue.All.Where(waiter => waiter.Patience.End <= now)];
            foreach (var waiter in late) Expire_NeedsLock(waiter, now);
            if (!IsEmpty) next = Later(_queue.All.Min(waiter => waiter.Patience.End), now + (Count * _restAfterEach));
        }

        if (next is { } at) _patienceEnds.Set(at);
        foreach (var waiter in late) waiter.Tell(waiter.Handed);
    }

    private void BePatientAnew_NeedsLock(TimeSpan now)
    {
        foreach (var waiter in _queue.All.Where(waiter => waiter.Patience.End <= now && !waiter.Patience.IsDeadline)) waiter.Patience = PatienceOf(waiter.Call, now, now);
    }

    private void Expire_NeedsLock(Waiter waiter, TimeSpan now)
    {
        TryLeave_NeedsLock(waiter);
        _totals.TimedOut++;
        _meter.Refused();
        var waited = now - waiter.Since;
        waiter.Handed = new AcquireResult(waiter.Patience.IsDeadline ? _refusals.DeadlineInQueue(waited) : _refusals.QueueTimeout(waited, _options.MaxWait));
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private bool TryLeave_NeedsLock(Waiter waiter)
    {
        if (!waiter.Link.IsQueued) return false;
        _queue.Remove(waiter);
        Changed(_time.MonotonicNow());
        return true;
    }

    // The wait that a call would have, when that and an answer are more than it has time for; null when they are not, or nobody can tell.
    private TimeSpan? ExpectedWait_NeedsLock(in Admission call, TimeSpan now)
    {
        if (call.Deadline.IsNone || IsEmpty || _estimate.For(_queue.PositionOf(call.Caller), now) is not { } wait) return null;
        return wait + _answers.Needed(call.MethodClass) > call.Deadline.Remaining(_time) ? wait : null;
    }

    private bool IsTooLate(in Admission call) => !call.Deadline.IsNone && call.Deadline.Remaining(_time) < _answers.Needed(call.MethodClass);

    private CallFailure Refused(CallFailure failure)
    {
        _meter.Refused();
        return failure;
    }

    private void Changed(TimeSpan now)
    {
        _meter.SetWaiting(Count, now);
        _estimate.SetWaiting(!IsEmpty, now);
    }
}
