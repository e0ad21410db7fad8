using System.Threading.Tasks.Sources;

namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>A call in the queue, which is awaited once. Its link is guarded by the pool's lock; it is told its outcome outside of it, once.</summary>
/// <param name="queue">Where it waits.</param>
/// <param name="since">When it began to wait.</param>
/// <param name="patience">When it has waited long enough.</param>
/// <param name="call">The call.</param>
internal sealed class Waiter(WaitingCalls queue, TimeSpan since, Patience patience, Admission call) : IValueTaskSource<AcquireResult>, IQueued<Waiter>
{
    private QueueLink<Waiter> _link;
    private CancellationTokenRegistration _withdrawal;

    // Whoever tells it holds up nobody by it: what follows runs elsewhere.
    private ManualResetValueTaskSourceCore<AcquireResult> _turn = new() { RunContinuationsAsynchronously = true };

    public ref QueueLink<Waiter> Link => ref _link;

    public TimeSpan Since { get; } = since;

    public Patience Patience { get; set; } = patience;

    public Admission Call { get; } = call;

    /// <summary>The next of those that are told after the lock; see <see cref="Aftermath"/>.</summary>
    public Waiter? NextServed { get; set; }

    /// <summary>What the waiter was handed under the lock, to be told after it.</summary>
    public AcquireResult Handed { get; set; }

    /// <summary>Its turn, or what ends its wait. It leaves with <paramref name="caller"/>.</summary>
    public ValueTask<AcquireResult> AwaitTurnAsync(CancellationToken caller)
    {
        _withdrawal = caller.UnsafeRegister(static waiter => ((Waiter)waiter!).Withdraw(), this);
        return new(this, _turn.Version);
    }

    /// <summary>Its wait is over.</summary>
    public void Tell(AcquireResult outcome) => _turn.SetResult(outcome);

    AcquireResult IValueTaskSource<AcquireResult>.GetResult(short token)
    {
        // A caller that leaves at this moment finds it out of the queue.
        _withdrawal.Unregister();
        return _turn.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<AcquireResult>.GetStatus(short token) => _turn.GetStatus(token);

    void IValueTaskSource<AcquireResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _turn.OnCompleted(continuation, state, token, flags);

    private void Withdraw() => queue.Withdraw(this);
}
