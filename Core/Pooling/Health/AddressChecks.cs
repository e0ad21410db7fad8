namespace OrleansPool.Core.Pooling.Health;

/// <summary>
/// Asks every address of an endpoint, again and again, how it is. A check goes over a channel that the pool has, or over one that it opens in a slot of the
/// pool and leaves there: so checks never open a connection beyond the cap. It needs no permit; it tells the limit nothing. Where no slot and no idle channel is free,
/// nothing is asked this time. Thread-safe.
/// </summary>
internal sealed class AddressChecks(ChannelPool pool, CheckOptions options, IHealthProbe probe, TimeProvider time, Random random) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins. Once.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Asks all addresses once, at the same time.</summary>
    public Task CheckAllAsync() => Task.WhenAll(pool.Hosts.Select(CheckAsync));

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await CheckAllAsync().ConfigureAwait(false);
            await Task.Delay(options.Interval * (1 - (options.Jitter * random.NextDouble())), time, _stopping.Token).ConfigureAwait(false);
        }
    }

    private async Task CheckAsync(UpstreamHost host)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            if (!pool.TryTakeForCheck(host, out var lease))
            {
                var failure = await pool.OpenForCheckAsync(host, both.Token).ConfigureAwait(false);
                if (failure is not null) pool.Checked(host, failure.Detail);
                if (failure is not null || !pool.TryTakeForCheck(host, out lease)) return;
            }

            await CheckAsync(host, lease, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            pool.Checked(host, $"no answer within Check:Timeout = {options.Timeout}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            pool.Checked(host, $"the check failed in an unforeseen way: {e.Message}");
        }
    }

    private async ValueTask CheckAsync(UpstreamHost host, ChannelLease lease, CancellationToken cancellation)
    {
        string? why;
        try
        {
            why = await probe.CheckAsync(lease.Channel, cancellation).ConfigureAwait(false);
        }
        finally
        {
            pool.ReturnFromCheck(lease);
        }

        pool.Checked(host, why);
    }
}
