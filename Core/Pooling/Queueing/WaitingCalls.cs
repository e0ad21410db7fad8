using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// The calls of a pool that wait for a permit or a channel: who is next, how each leaves, and what that is counted as. It shares the pool's lock,
/// <paramref name="gate"/>: methods ending in _NeedsLock are called with it held, the others without.
/// </summary>
internal sealed class WaitingCalls(Lock gate, QueueOptions options, PoolRefusals refusals, LoadMeter meter, PoolTotals totals, TimeProvider time)
{
    private readonly FairQueue<Waiter> _queue = new();

    public int Count => _queue.Count;

    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>How long the one that came first has been waiting.</summary>
    public TimeSpan OldestWait => _queue.OldestSince is { } since ? time.MonotonicNow() - since : TimeSpan.Zero;

    /// <summary>Why a newcomer may not wait, or null.</summary>
    public CallFailure? Refusal_NeedsLock()
    {
        if (_queue.Count < options.MaxWaiters) return null;
        meter.Refused();
        return refusals.QueueFull();
    }

    /// <summary>A newcomer waits.</summary>
    public Waiter Join_NeedsLock(TimeSpan now)
    {
        var waiter = new Waiter(now);
        _queue.Add(waiter);
        meter.SetWaiting(Count, now);
        return waiter;
    }

    /// <summary>The next one gets a lease.</summary>
    public void Serve_NeedsLock(in ChannelLease lease, ref Aftermath after)
    {
        after.Tell(_queue.TakeFirst(), new AcquireResult(lease));
        totals.Waited++;
        meter.Waited();
        meter.SetWaiting(Count, lease.Since);
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

        meter.SetWaiting(0, time.MonotonicNow());
    }

    /// <summary>Completes when the waiter was served or told something else, with the deadline, the maximum wait, or when its caller leaves.</summary>
    public async ValueTask<AcquireResult> AwaitTurnAsync(Waiter waiter, Deadline deadline, CancellationToken cancellation)
    {
        var remaining = deadline.Remaining(time);
        var byDeadline = !deadline.IsNone && remaining <= options.MaxWait;
        var timer = time.CreateTimer(_ => Expire(waiter, byDeadline), null, byDeadline ? remaining : options.MaxWait, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        await using (cancellation.UnsafeRegister(_ => Cancel(waiter), null).ConfigureAwait(false))
        {
            return await waiter.Task.ConfigureAwait(false);
        }
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
            failure = byDeadline ? refusals.DeadlineInQueue(waited) : refusals.QueueTimeout(waited);
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
        meter.SetWaiting(Count, time.MonotonicNow());
        return true;
    }
}
