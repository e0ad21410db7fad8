using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget.Store;

/// <summary>
/// All seats of this process, and the loop that keeps its lease and their rows. A silo has one of it; activations come and go in front of it. Thread-safe.
/// </summary>
public sealed class BudgetSeats(SiloLease lease, IBudgetStore store, TimeProvider time, ILoggerFactory loggers) : IBudgetAuthorities, IAsyncDisposable
{
    private static readonly TimeSpan _leasePeriod = TimeSpan.FromMilliseconds(250);
    private const int LeasePeriodsPerTick = 4;

    private readonly ConcurrentDictionary<string, BudgetSeat> _seats = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private Task _round = Task.CompletedTask;
    private int _isDisposed;

    /// <summary>Adds an endpoint.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public void Add(BudgetSettings settings, ILimitLaw law)
    {
        var seat = new BudgetSeat(settings with { Home = lease.Silo }, law, lease, store, time, loggers.CreateLogger<BudgetSeat>());
        if (_seats.TryAdd(settings.Endpoint, seat)) return;
        seat.Dispose();
        throw new ArgumentException($"There is a budget of {settings.Endpoint} already.", nameof(settings));
    }

    /// <inheritdoc />
    public void Change(BudgetSettings settings, ILimitLaw law) => Find(settings.Endpoint)?.Change(settings, law);

    /// <inheritdoc />
    public IReadOnlyList<BudgetView> Views() => [.. _seats.Values.Select(seat => seat.View()).OfType<BudgetView>()];

    /// <summary>The seat of an endpoint; null when there is no such endpoint.</summary>
    public BudgetSeat? Find(string endpoint) => _seats.GetValueOrDefault(endpoint);

    /// <summary>Membership declared a holder dead.</summary>
    public void HolderDied(string holder, long generation)
    {
        foreach (var seat in _seats.Values) seat.HolderDied(holder, generation);
    }

    /// <summary>Begins to keep the lease. Once.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Hands all budgets over, then gives the lease back: who takes over need not wait. What cannot be handed over is taken over as after a crash.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await EndAsync().ConfigureAwait(false);
        await Parallel.ForEachAsync(_seats.Values, cancellation, (seat, token) => seat.ReleaseAsync(token)).ConfigureAwait(false);
        await lease.ReleaseAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops as a crash would. A second time it does nothing: a container that knows it under two types disposes of it twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await EndAsync().ConfigureAwait(false);
        foreach (var seat in _seats.Values) seat.Dispose();
        _stopping.Dispose();
    }

    private async Task EndAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _round.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_leasePeriod, time);
        var count = 0;
        try
        {
            do
            {
                // The lease first and by itself: a slow round over many rows must not let it run out.
                await lease.TickAsync(_stopping.Token).ConfigureAwait(false);
                if (++count % LeasePeriodsPerTick == 0 && _round.IsCompleted) _round = TickSeatsAsync();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The stop that was asked for.
        }
    }

    private Task TickSeatsAsync() => Parallel.ForEachAsync(_seats.Values, _stopping.Token, (seat, token) => seat.TickAsync(token));
}
