namespace OrleansPool.Core.Pooling;

/// <summary>
/// The moments in a pool's life that others wait for: it is warm, it drains, it is empty. Guarded by the pool's lock, but for the tasks, on which anybody may
/// wait.
/// </summary>
internal sealed class PoolMilestones(ChannelRoster roster, ConnectionPlan plan)
{
    private readonly TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the minimum is open for the first time, or there is no use in waiting for that.</summary>
    public Task Warm => _warm.Task;

    /// <summary>Completes when no connection is left after the drain began.</summary>
    public Task Empty => _empty.Task;

    /// <summary>True from the beginning of the drain.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>It is as warm as it gets for now.</summary>
    public void EndWarming() => _warm.TrySetResult();

    /// <summary>To be asked when a channel was opened, or fewer are wanted.</summary>
    public void CheckWarm(TimeSpan now)
    {
        if (plan.IsGranted && roster.Open >= plan.Minimum(now)) EndWarming();
    }

    /// <summary>No new calls from now on.</summary>
    public void BeginDrain()
    {
        IsDraining = true;
        EndWarming();
    }

    /// <summary>To be asked when a slot became free.</summary>
    public void CheckEmpty()
    {
        if (IsDraining && roster.Total == 0) _empty.TrySetResult();
    }
}
