using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.Measuring;
using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>A path that is up.</summary>
/// <param name="path">Which.</param>
/// <param name="load">Its load generator.</param>
/// <param name="middle">The process between caller and upstream; null when there is none.</param>
internal sealed class RunningPath(CallPath path, LoadGenerator load, ChildProcess? middle)
{
    public string Name => path.Name;

    /// <summary>Runs one slice and reads the middle process's clock before and after it.</summary>
    public async Task<Sample> MeasureAsync(SliceOrder order, CancellationToken cancellation)
    {
        var before = middle?.CpuTime;
        var slice = await load.RunAsync(order, cancellation);
        var used = middle?.CpuTime - before;
        return new Sample(path.Name, path.Calls, order.Concurrency, slice, used?.TotalMicroseconds / slice.Calls);
    }
}
