namespace OrleansPool.Bench.Overload.Results;

/// <summary>One contender under one load: a row of the table and of the JSON file.</summary>
/// <param name="Contender">How the limit was set.</param>
/// <param name="Load">Calls per second offered, over the upstream's capacity.</param>
/// <param name="Goodput">Calls per second answered within their deadline, over what was possible: the smaller of offered and capacity.</param>
/// <param name="P50Ms">Median response time of those, waiting included.</param>
/// <param name="P99Ms">99th percentile of the same.</param>
/// <param name="MedianLimit">Median of the limit over the second half of the phase.</param>
/// <param name="PeakInFlight">Most calls at the upstream that were seen at once.</param>
/// <param name="OverTime">The limit over time, twice a second.</param>
internal sealed record PhaseRow(
    string Contender, double Load, double Goodput, double P50Ms, double P99Ms, int MedianLimit, int PeakInFlight, IReadOnlyList<LimitPoint> OverTime);
