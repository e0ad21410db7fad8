namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>What the adaptive law carries from one decision to the next. Immutable.</summary>
internal sealed record AdaptiveState
{
    public required Baselines Baselines { get; init; }

    /// <summary>Most calls in flight with the limit used up and no queue above the aim; 0 when there were none. Halves in 10 minutes.</summary>
    public double GoodLimit { get; init; }

    /// <summary>When more calls brought less below <see cref="GoodLimit"/>; null when they did not, or it was lowered for that.</summary>
    public TimeSpan? ProofDoubtedAt { get; init; }

    /// <summary>Epochs in a row that were limited and without queueing.</summary>
    public int Streak { get; init; }

    /// <summary>True when a step up has just shown that nothing queues there either, or the limit was at its lowest for calls that hang.</summary>
    public bool IsClimbing { get; init; }

    /// <summary>True until the first sign of queueing: nobody knows yet how much the upstream takes.</summary>
    public bool IsCold { get; init; } = true;

    /// <summary>True from the first sign of queueing, which may have been noise, until a probe has confirmed it.</summary>
    public bool IsDoubted { get; init; }

    /// <summary>The step being watched; null for none.</summary>
    public StepTest? Test { get; init; }

    /// <summary>When the baseline was last compared with the upstream without queueing.</summary>
    public TimeSpan CheckedAt { get; init; }

    /// <summary>When the last epoch ended.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Most calls in flight lately; falls by half in 5 minutes.</summary>
    public double Peak { get; init; }

    /// <summary>Set while the upstream pushes back.</summary>
    public Refusals? Refusals { get; init; }

    public ElasticityWindow Elasticity { get; init; } = ElasticityWindow.Empty;
}
