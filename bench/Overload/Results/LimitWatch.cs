using OrleansPool.Bench.Overload.Contenders;

namespace OrleansPool.Bench.Overload.Results;

/// <summary>Looks at the pool twice a second while a phase runs.</summary>
internal sealed class LimitWatch(HostUnderTest host)
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);

    /// <summary>Watches until <paramref name="phase"/> completes.</summary>
    public async Task<IReadOnlyList<LimitPoint>> WatchAsync(Task phase, CancellationToken cancellation)
    {
        var points = new List<LimitPoint>();
        var started = TimeProvider.System.GetTimestamp();
        using var looks = new PeriodicTimer(_period, TimeProvider.System);
        while (!phase.IsCompleted)
        {
            await looks.WaitForNextTickAsync(cancellation);
            var (limit, inFlight, waiting) = await host.LookAsync(cancellation);
            points.Add(new LimitPoint(Math.Round(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 2), limit, inFlight, waiting));
        }

        return points;
    }
}
