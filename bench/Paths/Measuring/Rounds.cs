using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>
/// The order of slices. Within a round every path has its turn before any has its next, so that what else the machine does in these seconds falls on
/// all paths alike; what falls on one slice alone is left to the medians over the rounds.
/// </summary>
internal sealed class Rounds(IReadOnlyList<RunningPath> paths, RunPlan plan, MachineLoad machine, TextWriter progress)
{
    // The runtime compiles hot code anew, with what it saw, within its first seconds; that belongs to no measurement.
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);

    /// <summary>Warms every path up, then measures.</summary>
    public async Task<Results> RunAsync(CancellationToken cancellation)
    {
        foreach (var path in paths) await WarmUpAsync(path, cancellation);
        var results = new Results();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var concurrency in plan.Concurrency)
            {
                foreach (var path in paths) results.Add(await MeasureAsync(path, concurrency, round, cancellation));
            }
        }

        return results;
    }

    private async Task WarmUpAsync(RunningPath path, CancellationToken cancellation)
    {
        await progress.WriteLineAsync($"warming up  {path.Name}");
        await path.MeasureAsync(new SliceOrder(plan.Concurrency.Max(), _warmUp), cancellation);
    }

    private async Task<Sample> MeasureAsync(RunningPath path, int concurrency, int round, CancellationToken cancellation)
    {
        machine.ReadOthers();
        var sample = await path.MeasureAsync(new SliceOrder(concurrency, plan.Slice), cancellation);
        var others = machine.ReadOthers() is { } share ? $"  (other programs: {share:P0} of the machine)" : "";
        var turn = $"round {round}/{plan.Rounds}  {concurrency,3} at once  {path.Name,-8}";
        await progress.WriteLineAsync($"{turn} {sample.Slice.Rate,8:N0} calls/s{others}");
        return sample;
    }
}
