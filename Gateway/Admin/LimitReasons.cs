using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Gateway.Admin;

/// <summary>A limit's reason in words; docs/limits.md says what to do about each.</summary>
internal static class LimitReasons
{
    public static string Sentence(LimitReason reason) => reason switch
    {
        LimitReason.Configured => "it was set so",
        LimitReason.Remembered => "it was so before the last restart",
        LimitReason.NotBound => "it is not used up, so there is nothing to learn",
        LimitReason.TooFewSamples => "there were too few calls to judge by",
        LimitReason.Grow => "it is used up and nothing queues at the upstream, so it grows",
        LimitReason.Recover => "it is used up and was higher before without harm, so it grows fast",
        LimitReason.Hold => "the upstream is at its best with it, as far as can be told",
        LimitReason.Queueing => "calls queued at the upstream, so it was cut to what that can serve",
        LimitReason.NegativeElasticity => "more calls in flight brought less throughput",
        LimitReason.Overdue => "calls timed out or grew old at the upstream",
        LimitReason.PushBack => "the upstream pushed calls back",
        LimitReason.Probe => "it takes a step down and back, to see the upstream without queueing",
        LimitReason.NewBaseline => "the upstream's own service time changed",
        LimitReason.Unused => "it was far above what was used for long",
        LimitReason.Ordered => "an operator set it",
        _ => reason.ToString(),
    };
}
