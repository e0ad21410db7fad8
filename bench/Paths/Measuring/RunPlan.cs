namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>How much is measured.</summary>
/// <param name="Slice">Length of one slice.</param>
/// <param name="Rounds">Slices of each path at each concurrency.</param>
/// <param name="Concurrency">Numbers of calls at once.</param>
internal sealed record RunPlan(TimeSpan Slice, int Rounds, IReadOnlyList<int> Concurrency);
