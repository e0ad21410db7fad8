using OrleansPool.Bench.Load;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>One slice of one path.</summary>
/// <param name="Path">The path's name.</param>
/// <param name="Concurrency">Calls at once.</param>
/// <param name="Slice">What the load generator saw.</param>
/// <param name="CpuUsPerCall">Processor time of the middle process per call, in microseconds; null when there is none.</param>
internal sealed record Sample(string Path, int Concurrency, SliceResult Slice, double? CpuUsPerCall);
