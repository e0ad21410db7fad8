using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>The calls that wait at a holder: the pool's queue, and its estimate of waits, which refuses at once whoever would wait in vain.</summary>
internal sealed class HolderQueue(HolderServices services, LoadMeter meter)
{
    private readonly FairQueue<Call> _queue = new();
    private readonly WaitEstimate _estimate = new();
    private readonly AnswerTimes _answers = new();

    public int Count => _queue.Count;

    private TimeSpan Now => services.Clock.Now;

    /// <summary>Lets a call wait; false when the queue is full, or the wait expected to outlast the caller's patience.</summary>
    public bool TryAdd(Call call)
    {
        if (_queue.Count >= services.Scenario.Holders.Queue) return false;
        if (_estimate.For(_queue.PositionOf(null), Now) + _answers.Needed(call.Method) > call.Deadline - Now) return false;
        (call.State, call.Since) = (CallState.Waiting, Now);
        _queue.Add(call);
        services.Recorder.Queued();
        Changed();
        return true;
    }

    /// <summary>The upstream answered a call.</summary>
    public void Answered(Call call, TimeSpan responseTime) => _answers.Answered(call.Method, responseTime);

    /// <summary>A call timed out that the upstream had for so long.</summary>
    public void Unanswered(Call call, TimeSpan given) => _answers.Unanswered(call.Method, given);

    /// <summary>Whether the first one waited too long to be answered in time.</summary>
    public bool IsFirstTooLate => _queue.First!.Deadline - Now < _answers.Needed(_queue.First!.Method);

    /// <summary>Takes out the first one, to be served.</summary>
    public Call TakeFirst()
    {
        _estimate.Served(Now);
        meter.Waited();
        return RemoveFirst();
    }

    /// <summary>Takes out the first one, to be refused or passed on.</summary>
    public Call RemoveFirst()
    {
        var call = _queue.First!;
        Remove(call);
        return call;
    }

    public void Remove(Call call)
    {
        _queue.Remove(call);
        Changed();
    }

    private void Changed()
    {
        meter.SetWaiting(_queue.Count, Now);
        _estimate.SetWaiting(_queue.Count > 0, Now);
    }
}
