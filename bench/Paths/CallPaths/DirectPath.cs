using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>The caller's own connection to the upstream: what all others are compared with.</summary>
internal sealed class DirectPath() : CallPath(DirectName)
{
    public const string DirectName = "direct";

    public override string? WhyLeftOut(BuiltFiles files) => null;

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation) =>
        new(Name, await bed.StartLoadAsync(Name, bed.UpstreamPort, cancellation), middle: null);
}
