namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>A time during which the upstream pushes back: where it began.</summary>
/// <param name="Limit">The limit then.</param>
/// <param name="Share">The share of calls that it pushed back then.</param>
internal sealed record Refusals(double Limit, double Share)
{
    // The limit has come down by so much without fewer refusals: they have nothing to do with it, and cutting on would only take service away.
    private const double Tried = .85;
    private const double Unchanged = .7;

    /// <summary>True when a lower limit brought no fewer of them.</summary>
    public bool AreUnrelated(double limit, double share) => limit < Tried * Limit && share > Unchanged * Share;
}
