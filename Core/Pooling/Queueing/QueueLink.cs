namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>A waiter's place in a <see cref="FairQueue{TWaiter}"/>: a field of the waiter, so that queueing allocates nothing. Written by the queue only.</summary>
/// <typeparam name="TWaiter">What waits.</typeparam>
public struct QueueLink<TWaiter>
    where TWaiter : class, IQueued<TWaiter>
{
    /// <summary>True while it waits.</summary>
    public readonly bool IsQueued => Lane is not null;

    internal CallerLane<TWaiter>? Lane { get; set; }

    internal TWaiter? Previous { get; set; }

    internal TWaiter? Next { get; set; }
}
