namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>The medians of one path at one concurrency: a row of the table and of the JSON file, where the names are in snake case.</summary>
/// <param name="Path">The path's name.</param>
/// <param name="Concurrency">Calls at once.</param>
/// <param name="Rps">Calls per second.</param>
/// <param name="RatioToDirect">Rps over that of the direct path with the same calls at the same concurrency; null when that was not measured.</param>
/// <param name="CpuUsPerCall">Processor time of the middle process alone, per call; null when there is none.</param>
/// <param name="P50Us">Median response time.</param>
/// <param name="P99Us">99th percentile of the response time.</param>
internal sealed record ResultRow(string Path, int Concurrency, double Rps, double? RatioToDirect, double? CpuUsPerCall, double P50Us, double P99Us);
