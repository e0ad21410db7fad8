using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>One way from a caller to the upstream.</summary>
internal abstract class CallPath(string name, CallKind calls)
{
    /// <summary>Its name on the command line and in the results.</summary>
    public string Name { get; } = name;

    /// <summary>What its callers do.</summary>
    public CallKind Calls { get; } = calls;

    /// <summary>Null, or why it cannot be measured here, and what to do about it.</summary>
    public abstract string? WhyLeftOut(BuiltFiles files);

    /// <summary>Starts what stands between, then the load generator.</summary>
    public abstract Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation);
}
