namespace OrleansPool.Core.Limits.Laws;

/// <summary>A limit that stays at its ceiling.</summary>
public sealed class FixedLaw : ILimitLaw
{
    /// <inheritdoc />
    public string Name => "fixed";

    /// <inheritdoc />
    public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered) => new(bounds.Ceiling, LimitReason.Configured, this, TimeSpan.Zero, EpochPlan.Window);

    /// <inheritdoc />
    public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds) => last with { Limit = bounds.Ceiling };

    /// <inheritdoc />
    public LimitMemory Remember(LimitDecision last) => new(last.Limit, last.Limit, []);
}
