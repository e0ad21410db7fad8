using OrleansPool.Bench.Proof.Figures;

namespace OrleansPool.Bench.Proof.Load;

/// <summary>
/// Calls that begin at random moments (a Poisson process) at a given rate until disposed, whether earlier ones have been answered or not: callers do not
/// slow down because the pool does. Keeps what became of each.
/// </summary>
internal sealed class OpenLoop : IAsyncDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(2);

    private readonly ICaller _caller;
    private readonly double _rate;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly List<Outcome> _outcomes = [];
    private readonly CancellationTokenSource _end = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly Task _running;
    private int _underWay;

    public OpenLoop(ICaller caller, double rate, int seed)
    {
        (_caller, _rate, _random) = (caller, rate, new Random(seed));
        _running = RunAsync();
    }

    /// <summary>Seconds since it began.</summary>
    public double Now => TimeProvider.System.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Calls that are over and were due within the stretch.</summary>
    public IReadOnlyList<Outcome> Between(double from, double to)
    {
        lock (_gate) return [.. _outcomes.Where(outcome => outcome.Due >= from && outcome.Due < to)];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var ticks = new PeriodicTimer(_tick, TimeProvider.System);
        var due = Gap();
        while (!_end.IsCancellationRequested)
        {
            for (; due <= Now; due += Gap()) _ = CallAsync(due);
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }

        while (Volatile.Read(ref _underWay) > 0) await ticks.WaitForNextTickAsync(CancellationToken.None);
    }

    private double Gap() => -Math.Log(1 - _random.NextDouble()) / _rate;

    private async Task CallAsync(double due)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            var error = await _caller.CallAsync(_end.Token);
            lock (_gate) _outcomes.Add(new Outcome(due, TimeSpan.FromSeconds(Now - due), error));
        }
        catch (OperationCanceledException)
        {
            // Cut by the end of the load: neither good nor bad.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
