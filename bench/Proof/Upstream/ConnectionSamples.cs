namespace OrleansPool.Bench.Proof.Upstream;

/// <summary>Looks at the accept counter every 10 ms, and keeps the most of each second: for the course of things, not for the verdict.</summary>
internal sealed class ConnectionSamples : IAsyncDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(10);

    private readonly ConnectionCounter _counter;
    private readonly Func<double> _now;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _mostBySecond = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    /// <param name="counter">What is looked at.</param>
    /// <param name="now">Seconds since the load began.</param>
    public ConnectionSamples(ConnectionCounter counter, Func<double> now)
    {
        (_counter, _now) = (counter, now);
        _running = RunAsync();
    }

    /// <summary>The most of a second, of those seen; 0 for one that nobody looked at.</summary>
    public int Most(int second)
    {
        lock (_gate) return _mostBySecond.GetValueOrDefault(second);
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
        using var ticks = new PeriodicTimer(_period, TimeProvider.System);
        while (!_end.IsCancellationRequested)
        {
            var (second, count) = ((int)_now(), _counter.Accepted);
            lock (_gate) _mostBySecond[second] = Math.Max(_mostBySecond.GetValueOrDefault(second), count);
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
