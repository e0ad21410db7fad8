namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>What of the run counts for the figures that need saying.</summary>
internal sealed record MeasurePlan
{
    /// <summary>Time from the start that no figure but Tc and O counts: the first limit is found in it.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>True to count overshoot after <see cref="Grace"/> of each phase only.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Time after a change of phase during which in-flight calls are compared with the larger of both optima.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Index of the phase from whose start Tc counts; -1: it is not measured.</summary>
    public int ConvergesFrom { get; init; } = -1;
}
