namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Something that happens to holders or to the budget.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When first, as a share of the run.</param>
/// <param name="For">How long it lasts; for a restart, how long the holder is away.</param>
/// <param name="Every">How often it comes back, each time to the next holders; zero: once.</param>
/// <param name="Holders">How many of the holders, as a share; at least one.</param>
internal sealed record Fault(FaultKind Kind, double At, TimeSpan For, TimeSpan Every, double Holders)
{
    /// <summary>When it happens in a run of that length.</summary>
    public IEnumerable<TimeSpan> Times(TimeSpan length)
    {
        for (var at = length * At; at < length; at += Every)
        {
            yield return at;
            if (Every == TimeSpan.Zero) yield break;
        }
    }

    /// <summary>Whether it lasts at a time.</summary>
    public bool IsOnAt(TimeSpan at, TimeSpan length) => Times(length).Any(start => at > start && at <= start + For);
}
