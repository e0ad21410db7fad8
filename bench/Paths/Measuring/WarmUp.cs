using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.CallPaths;

namespace OrleansPool.Bench.Paths.Measuring;

/// <summary>
/// Runs the paths until none becomes faster any more. The runtime compiles hot code again, in the background and with what it saw of its use: in
/// these seconds a path can be at a quarter of its speed, and how many they are depends on the machine.
/// </summary>
internal sealed class WarmUp(IReadOnlyList<RunningPath> paths, int concurrency, TextWriter progress)
{
    private const int LeastTurns = 8;
    private const int MostTurns = 20;
    private const int CalmTurns = 2;
    private const double Noticeably = 1.05;

    private readonly Dictionary<string, double> _best = [];

    /// <summary>Completes when no path became noticeably faster for some turns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var (turn, calm) = (1, 0); turn <= MostTurns && (turn <= LeastTurns || calm < CalmTurns); turn++)
        {
            var anyFaster = false;
            foreach (var path in paths) anyFaster |= await RunAsync(path, cancellation);
            calm = anyFaster ? 0 : calm + 1;
            var rates = _best.Select(path => $"{path.Key} {path.Value:N0}");
            await progress.WriteLineAsync($"warming up, turn {turn}, best so far: {string.Join(", ", rates)} calls/s");
        }
    }

    private async Task<bool> RunAsync(RunningPath path, CancellationToken cancellation)
    {
        var sample = await path.MeasureAsync(new SliceOrder(concurrency, TimeSpan.FromSeconds(1)), cancellation);
        var best = _best.GetValueOrDefault(path.Name);
        _best[path.Name] = Math.Max(best, sample.Slice.Rate);
        return sample.Slice.Rate > best * Noticeably;
    }
}
