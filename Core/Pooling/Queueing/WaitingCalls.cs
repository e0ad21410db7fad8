using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// The calls of a pool that wait for a permit or a channel: who is next, how each leaves, and what that is counted as. It shares the pool's lock,
/// <paramref name="gate"/>: methods ending in _NeedsLock are called with it held, the others without.
/// </summary>
internal sealed class WaitingCalls(Lock gate, QueueOptions initial, PoolRefusals refusals, LoadMeter meter, PoolTotals totals, TimeProvider time)
{
    private readonly FairQueue<Waiter> _queue = new(initial.Fairness.Rules);
    private readonly WaitEstimate _estimate = new();
    private readonly AnswerTimes _answers = new();
    private volatile QueueOptions _options = initial;

    public int Count => _queue.Count;

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
    public TimeSpan OldestWait => _queue.OldestSince is { } since ? time.MonotonicNow() - since : TimeSpan.Zero;

    /// <summary>Why a newcomer may not wait, or null. A full queue makes room for it by the last call of a caller that fills it.</summary>
    public CallFailure? Refusal_NeedsLock(in Admission call, TimeSpan now, ref Aftermath after)
    {
        if (ExpectedWait_NeedsLock(call, now) is { } wait) return Refused(refusals.WaitTooLong(wait));
        if (Count < _options.MaxWaiters) return null;
        if (_queue.Displaced(call.Caller) is not { } last) return Refused(refusals.QueueFull(_options.MaxWaiters));
        _queue.Remove(last);
        totals.Refused++;
        after.Tell(last, new AcquireResult(Refused(refusals.QueueFull(_options.MaxWaiters))));
        return null;
    }

    /// <summary>A newcomer waits.</summary>
    public Waiter Join_NeedsLock(in Admission call, TimeSpan now)
    {
        var waiter = new Waiter(call.SeekingSince ?? now, call);
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
            totals.TimedOut++;
            after.Tell(_queue.TakeFirst(), new AcquireResult(Refused(refusals.WaitTooLong(now - first.Since))));
            Changed(now);
        }
    }

    /// <summary>The next one gets a lease.</summary>
    public void Serve_NeedsLock(in ChannelLease lease, ref Aftermath after)
    {
        after.Tell(_queue.TakeFirst(), new AcquireResult(lease));
        totals.Waited++;
        meter.Waited();
        _estimate.Served(lease.Since);
        Changed(lease.Since);
    }

    /// <summary>The last one is told, of the caller that has the most waiting.</summary>
    public void TellLast_NeedsLock(CallFailure failure, TimeSpan now, ref Aftermath after)
    {
        if (_queue.Last is not { } last) return;
        _queue.Remove(last);
        totals.Refused++;
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
            totals.Refused++;
        }

        Changed(time.MonotonicNow());
    }

    /// <summary>Completes when the waiter was served or told something else, with the deadline, the maximum wait, or when its caller leaves.</summary>
    public async ValueTask<AcquireResult> AwaitTurnAsync(Waiter waiter, CancellationToken cancellation)
    {
        var remaining = waiter.Call.Deadline.Remaining(time);
        var patience = PatienceLeft(waiter);
        var byDeadline = !waiter.Call.Deadline.IsNone && remaining <= patience;
        var timer = time.CreateTimer(_ => Expire(waiter, byDeadline), null, byDeadline ? remaining : patience, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        await using (cancellation.UnsafeRegister(_ => Cancel(waiter), null).ConfigureAwait(false))
        {
            return await waiter.Task.ConfigureAwait(false);
        }
    }

    private TimeSpan PatienceLeft(Waiter waiter)
    {
        var left = _options.MaxWait - (time.MonotonicNow() - waiter.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Expire(Waiter waiter, bool byDeadline)
    {
        CallFailure failure;
        lock (gate)
        {
            if (!TryLeave_NeedsLock(waiter)) return;
            totals.TimedOut++;
            meter.Refused();
            var waited = time.MonotonicNow() - waiter.Since;
            failure = byDeadline ? refusals.DeadlineInQueue(waited) : refusals.QueueTimeout(waited, _options.MaxWait);
        }

        waiter.TrySetResult(new AcquireResult(failure));
    }

    private void Cancel(Waiter waiter)
    {
        lock (gate)
        {
            if (!TryLeave_NeedsLock(waiter)) return;
            totals.Cancelled++;
        }

        waiter.TrySetResult(new AcquireResult(PoolRefusals.CallerLeft()));
    }

    private bool TryLeave_NeedsLock(Waiter waiter)
    {
        if (!waiter.Link.IsQueued) return false;
        _queue.Remove(waiter);
        Changed(time.MonotonicNow());
        return true;
    }

    // The wait that a call would have, when that and an answer are more than it has time for; null when they are not, or nobody can tell.
    private TimeSpan? ExpectedWait_NeedsLock(in Admission call, TimeSpan now)
    {
        if (call.Deadline.IsNone || IsEmpty || _estimate.For(_queue.PositionOf(call.Caller), now) is not { } wait) return null;
        return wait + _answers.Needed(call.MethodClass) > call.Deadline.Remaining(time) ? wait : null;
    }

    private bool IsTooLate(in Admission call) => !call.Deadline.IsNone && call.Deadline.Remaining(time) < _answers.Needed(call.MethodClass);

    private CallFailure Refused(CallFailure failure)
    {
        meter.Refused();
        return failure;
    }

    private void Changed(TimeSpan now)
    {
        meter.SetWaiting(Count, now);
        _estimate.SetWaiting(!IsEmpty, now);
    }
}
