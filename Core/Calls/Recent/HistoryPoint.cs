namespace OrleansPool.Core.Calls.Recent;

/// <summary>One second of an endpoint in one process.</summary>
/// <param name="SecondsAgo">How many whole seconds ago it was.</param>
/// <param name="Calls">Calls that ended, turned away or not.</param>
/// <param name="Failed">Of these, those that failed by whosever fault but their callers'.</param>
/// <param name="InFlight">Mean calls in flight.</param>
/// <param name="Waiting">Mean calls waiting.</param>
/// <param name="Limit">The cluster's limit, as this process knew it; 0 where it knew none.</param>
/// <param name="Permits">Permits of this process: its share of the limit.</param>
/// <param name="P50">Half of the good calls took the upstream no longer, in milliseconds; null where there were none.</param>
/// <param name="P99">The same of 99 in 100.</param>
public sealed record HistoryPoint(int SecondsAgo, double Calls, double Failed, double InFlight, double Waiting, int Limit, int Permits, double? P50, double? P99);
