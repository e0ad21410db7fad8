using OrleansPool.Core.Limits;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// What a caller is told who gets no channel: the numbers that explain it, and the setting to look at. Guarded by the pool's lock, since it reads the
/// pool's state.
/// </summary>
internal sealed class PoolRefusals(PoolSettings settings, ShareLimiter limiter, ChannelRoster roster, ConnectionPlan plan)
{
    public CallFailure QueueFull(int maxWaiters) =>
        new(FailureCode.QueueFull, $"Queue:MaxWaiters = {maxWaiters} calls wait already. {Numbers()}.");

    public CallFailure Exhausted() => new(FailureCode.Exhausted, $"No permit or channel is free, and this endpoint lets no call wait (Degradation:Mode). {Numbers()}.");

    public CallFailure QueueTimeout(TimeSpan waited, TimeSpan maxWait) =>
        new(FailureCode.QueueTimeout, $"Waited {Milliseconds(waited)}, Queue:MaxWait = {maxWait}. {Numbers()}.");

    public CallFailure DeadlineInQueue(TimeSpan waited) =>
        new(FailureCode.DeadlineInQueue, $"The deadline passed after {Milliseconds(waited)} in the queue. {Numbers()}.");

    public CallFailure WaitTooLong(TimeSpan wait) =>
        new(FailureCode.WaitTooLong, $"A wait of {Milliseconds(wait)} and an answer do not fit into the time that the call has left. {Numbers()}.") { RetryAfter = wait };

    public CallFailure Draining() => new(FailureCode.Draining, $"{settings.Name} takes no new calls here: this host is shutting down.");

    public CallFailure ShareElsewhere(IReadOnlyList<string> holders) =>
        new(FailureCode.ShareElsewhere, $"{settings.Name}: this host has no share of the limit now; {holders.Count} others have.") { Holders = holders };

    public static CallFailure DeadlineAtArrival() => new(FailureCode.DeadlineInQueue, "The deadline had passed before the call could begin.");

    public static CallFailure CallerLeft() => new(FailureCode.CallerCancelled, "The caller left while the call waited.") { Stage = Stage.Admit };

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:F0} ms";

    private string Numbers()
    {
        var busy = roster.Busy;
        return $"{settings.Name}: limit {limiter.Limit}, in flight {limiter.InFlight}, channels busy {busy}, idle {roster.Open - busy}, "
            + $"connecting {roster.Connecting}, draining {roster.Draining} of Pool:Max = {plan.Max}, waiting {limiter.Meter.Waiting}; "
            + "raise Limits:Max or Pool:Max if the upstream can take more";
    }
}
