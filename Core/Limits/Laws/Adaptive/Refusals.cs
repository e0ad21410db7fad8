namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>A time during which the upstream pushes back: where it began.</summary>
/// <param name="Limit">The limit then.</param>
/// <param name="Share">The share of calls that it pushed back then.</param>
/// <param name="Served">The calls in flight that it served then.</param>
internal sealed record Refusals(double Limit, double Share, double Served)
{
    // The limit has come down by so much: time to ask whether that helped.
    private const double Tried = .85;

    // Refusals that come back within no time fill no permits; then only their share tells.
    private const double FillsPermits = .9;
    private const double Unchanged = .7;

    /// <summary>
    /// True when a lower limit did not help: as large a share refused, or, where refusals fill permits, fewer calls served than before. Then they have
    /// nothing to do with the number of calls, and cutting on would only take service away.
    /// </summary>
    public bool AreUnrelated(double limit, double share, double served)
    {
        if (limit >= Tried * Limit) return false;
        return served > FillsPermits * limit ? share > Unchanged * Share : served < Served * (1 + (limit / Limit)) / 2;
    }
}
