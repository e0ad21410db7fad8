namespace OrleansPool.Core.Limits.Laws;

/// <summary>What outlives the process that computed it: kept in the budget's store, at most one write in 10 s.</summary>
/// <param name="Limit">The limit in force.</param>
/// <param name="GoodLimit">The last limit that was proven good.</param>
/// <param name="Baselines">Response time without queueing by method class, in microseconds; 0 where unknown.</param>
public sealed record LimitMemory(double Limit, double GoodLimit, IReadOnlyList<double> Baselines);
