using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>
/// The order of slices. Within a round every path has its turn before any has its next, so that what else the machine does in these seconds falls on
/// all paths alike; what falls on one slice alone is left to the medians over the rounds. Slices that other programs disturbed are measured once
/// more, within bounds: the disturbance decides, never the result.
/// </summary>
internal sealed class Rounds(IReadOnlyList<RunningPath> paths, RunPlan plan, MachineLoad machine, TextWriter progress)
{
    private const int MostTimes = 3;

    /// <summary>Measures.</summary>
    public async Task<Results> RunAsync(CancellationToken cancellation)
    {
        var results = new Results(plan.Rounds);
        for (var round = 1; round <= MostTimes * plan.Rounds; round++)
        {
            foreach (var concurrency in plan.Concurrency)
            {
                foreach (var path in paths.Where(path => round <= plan.Rounds || results.IsDisturbed(path.Name, concurrency)))
                    results.Add(await MeasureAsync(path, concurrency, round, cancellation));
            }
        }

        return results;
    }

    private async Task<Sample> MeasureAsync(RunningPath path, int concurrency, int round, CancellationToken cancellation)
    {
        machine.ReadOthers();
        var sample = await path.MeasureAsync(new SliceOrder(concurrency, plan.Slice), cancellation);
        sample = sample with { Others = machine.ReadOthers() };
        var turn = round <= plan.Rounds ? $"round {round}/{plan.Rounds}" : "once more";
        var others = sample.Others is { } share ? $"  (other programs: {share:P0} of the machine)" : "";
        await progress.WriteLineAsync($"{turn}  {concurrency,3} at once  {path.Name,-14} {sample.Slice.Rate,8:N0} calls/s{others}");
        return sample;
    }
}
