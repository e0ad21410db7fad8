namespace OrleansPool.Core.Pooling;

/// <summary>A call in the queue. Its links and <see cref="IsQueued"/> are guarded by the pool's lock; the task is completed outside it.</summary>
internal sealed class Waiter(long since) : TaskCompletionSource<AcquireResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Since { get; } = since;

    public bool IsQueued { get; set; }

    public Waiter? Previous { get; set; }

    public Waiter? Next { get; set; }

    /// <summary>What the waiter was handed under the lock, to be told after it.</summary>
    public AcquireResult Handed { get; set; }
}
