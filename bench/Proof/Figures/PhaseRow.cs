namespace OrleansPool.Bench.Proof.Figures;

/// <summary>One endpoint in one phase: a row of the table and of the JSON file.</summary>
/// <param name="Phase">Name of the phase.</param>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Seconds">Length of the phase.</param>
/// <param name="Cap">Connections allowed over all silos.</param>
/// <param name="MaxConnections">The most that the upstream had at once.</param>
/// <param name="Calls">Calls due in the phase.</param>
/// <param name="Good">Those answered well in time.</param>
/// <param name="Dip">Loss of goodput in the worst second, in percent of the steady phase.</param>
/// <param name="SecondsBelow">Seconds with less than 95 % of the steady goodput.</param>
/// <param name="SecondsToRecover">From the fault until 95 % held for the rest of the phase; null when it did not.</param>
/// <param name="P99Ms">99th percentile of the good calls' response time.</param>
/// <param name="Errors">Failed calls by what their callers saw.</param>
/// <param name="OverTime">The phase second by second.</param>
internal sealed record PhaseRow(
    string Phase, string Endpoint, double Seconds, int Cap, int MaxConnections, int Calls, int Good, double Dip, double SecondsBelow,
    double? SecondsToRecover, double P99Ms, IReadOnlyDictionary<string, int> Errors, IReadOnlyList<SecondOfPhase> OverTime)
{
    /// <summary>True when the promise was broken.</summary>
    public bool IsOverCap => MaxConnections > Cap;
}
