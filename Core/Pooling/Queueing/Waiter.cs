namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>A call in the queue. Its link is guarded by the pool's lock; the task is completed outside it.</summary>
internal sealed class Waiter(TimeSpan since, Admission call) : TaskCompletionSource<AcquireResult>(TaskCreationOptions.RunContinuationsAsynchronously), IQueued<Waiter>
{
    private QueueLink<Waiter> _link;

    public ref QueueLink<Waiter> Link => ref _link;

    public TimeSpan Since { get; } = since;

    public Admission Call { get; } = call;

    /// <summary>The next of those that are told after the lock; see <see cref="Aftermath"/>.</summary>
    public Waiter? NextServed { get; set; }

    /// <summary>What the waiter was handed under the lock, to be told after it.</summary>
    public AcquireResult Handed { get; set; }
}
