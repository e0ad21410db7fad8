namespace OrleansPool.Bench.Overload.Load;

/// <summary>
/// Calls that begin at random moments (a Poisson process) at a given rate, whether earlier ones have been answered or not: callers do not slow down
/// because the upstream does.
/// </summary>
internal sealed class OpenLoop(TimedCall call, int seed)
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    private readonly Random _random = new(seed);

    /// <summary>Runs for <paramref name="duration"/>; calls under way at its end are waited for.</summary>
    public async Task<Tally> RunAsync(double rate, TimeSpan duration, CancellationToken cancellation)
    {
        var tally = new Tally();
        var calls = new List<Task>();
        var started = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(_tick, TimeProvider.System);
        for (var next = Gap(rate); next < duration; next += Gap(rate))
        {
            while (TimeProvider.System.GetElapsedTime(started) < next) await ticks.WaitForNextTickAsync(cancellation);

            // Response times count from when the call was due, not from when this loop came round to it.
            calls.Add(MakeAsync(tally, started + (long)(next.TotalSeconds * TimeProvider.System.TimestampFrequency)));
        }

        await Task.WhenAll(calls);
        return tally;
    }

    private TimeSpan Gap(double rate) => TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / rate);

    private async Task MakeAsync(Tally tally, long due)
    {
        var isGood = await call.InvokeAsync();
        tally.Count(isGood, TimeProvider.System.GetElapsedTime(due));
    }
}
