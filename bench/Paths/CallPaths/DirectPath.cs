using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>The callers' own connections to the upstream: what all other paths with the same calls are compared with.</summary>
internal sealed class DirectPath(CallKind calls) : CallPath(NameOf(calls), calls)
{
    /// <summary>The path to compare with, for these calls.</summary>
    public static string NameOf(CallKind calls) => calls switch
    {
        CallKind.Frame => "tcp-direct",
        CallKind.JsonRpc => "jsonrpc-direct",
        _ => "direct",
    };

    public override string? WhyLeftOut(BuiltFiles files) => null;

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation) =>
        new(this, await bed.StartLoadAsync(this, bed.Upstream.Of(Calls), cancellation), middle: null);
}
