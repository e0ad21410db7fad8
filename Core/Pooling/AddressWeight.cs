using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// How much of an endpoint's calls one of its addresses is trusted with, beside the others: the level below the limit, which is for all addresses
/// together. Its owner sees to it that calls do not overlap; <see cref="Value"/> may be read meanwhile, and then be a moment old.
/// </summary>
public sealed class AddressWeight
{
    /// <summary>No address sinks below this: a few calls go on to it, and show when it is well again.</summary>
    public const double Least = 0.05;

    // A call lost there halves it, so that a handful of timeouts is enough; sixty good calls bring it all the way back.
    private const double AfterLoss = 0.5;
    private const double AfterPushBack = 0.8;
    private const double AfterSuccess = 1.05;

    // Addresses of one service differ by machine and cache; up to twice the fastest one's mean that is no reason to spare one.
    private const double Slack = 2;
    private const double Memory = 1.0 / 32;

    // From the least to 1 in 21 s without a single call: a spared address may get none while the others are hardly busy.
    private const double PerSecond = 1.15;

    private double _health = 1;
    private double _pace = 1;

    /// <summary>From <see cref="Least"/> to 1. Calls in flight at an address are compared over this.</summary>
    public double Value { get; private set; } = 1;

    /// <summary>Mean response time of its good calls in ticks, recent ones first; 0 before the first.</summary>
    public double MeanTicks { get; private set; }

    /// <summary>A call there is over.</summary>
    /// <param name="outcome">How it ended. What is ignored teaches nothing here either.</param>
    /// <param name="took">Its response time.</param>
    /// <param name="fastest">The least <see cref="MeanTicks"/> above 0 among the endpoint's addresses.</param>
    public void Learn(in CallOutcome outcome, TimeSpan took, double fastest)
    {
        if (outcome.Verdict == Verdict.Ignored) return;
        if (outcome.Verdict == Verdict.Success) MeanTicks = MeanTicks == 0 ? took.Ticks : MeanTicks + (Memory * (took.Ticks - MeanTicks));
        _health = Math.Clamp(_health * Factor(outcome), Least, 1);
        _pace = MeanTicks == 0 ? 1 : Math.Min(1, Slack * fastest / MeanTicks);
        Value = Math.Max(Least, _health * _pace);
    }

    /// <summary>Once a second.</summary>
    public void Recover()
    {
        (_health, _pace) = (Math.Min(1, _health * PerSecond), Math.Min(1, _pace * PerSecond));
        Value = Math.Max(Least, _health * _pace);
    }

    private static double Factor(in CallOutcome outcome) => outcome switch
    {
        { Verdict: Verdict.Success } => AfterSuccess,
        { Drop: DropKind.PushBack } => AfterPushBack,
        _ => AfterLoss,
    };
}
