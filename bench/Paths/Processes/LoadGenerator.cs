using System.Text.Json;
using OrleansPool.Bench.Load;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.Processes;

/// <summary>The conductor's side of a load generator.</summary>
internal sealed class LoadGenerator(ChildProcess child)
{
    // Beyond the slice itself: for the last calls of a path that has stalled.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Has a slice run.</summary>
    /// <exception cref="BenchFailedException">A call failed.</exception>
    public async Task<SliceResult> RunAsync(SliceOrder order, CancellationToken cancellation)
    {
        await child.WriteLineAsync(order.ToLine());
        var result = Read(await child.ReadLineAsync(order.Duration + _patience, cancellation));
        if (result.Error is null) return result;
        throw new BenchFailedException($"{child.Name}: {result.Error}. Nothing was measured; leave the path out with --paths to measure the others.");
    }

    private SliceResult Read(string line)
    {
        try
        {
            return SliceResult.Parse(line);
        }
        catch (JsonException)
        {
            throw new BenchFailedException($"{child.Name} answered '{line}' instead of a result; rebuild bench/.");
        }
    }
}
