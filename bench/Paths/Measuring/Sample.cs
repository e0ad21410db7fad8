using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>One slice of one path.</summary>
/// <param name="Path">The path's name.</param>
/// <param name="Calls">What its callers do.</param>
/// <param name="Concurrency">Calls at once.</param>
/// <param name="Slice">What the load generator saw.</param>
/// <param name="CpuUsPerCall">Processor time of the middle process per call, in microseconds; null when there is none.</param>
internal sealed record Sample(string Path, CallKind Calls, int Concurrency, SliceResult Slice, double? CpuUsPerCall)
{
    private const double Noticeable = 0.1;

    /// <summary>Share of the machine that other programs used meanwhile; null where the kernel does not tell.</summary>
    public double? Others { get; init; }

    /// <summary>True when other programs hardly used the machine.</summary>
    public bool IsCalm => Others is null or <= Noticeable;
}
