using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansPool.Core.Hosting;

/// <summary>
/// The life of the endpoints with their host: ask for their shares and warm them at the start, drain them and give the shares back at the end. Draining runs before any other service is stopped, so that
/// the ways in still answer, with a refusal that sends callers elsewhere. Thread-safe.
/// </summary>
public sealed class PoolHost(EndpointDirectory endpoints, EndpointShares shares, OrleansPoolOptions options, ILogger<PoolHost> logger) : IHostedLifecycleService
{
    private readonly PoolHostLog _log = new(logger);
    private readonly Lock _gate = new();
    private Task? _drain;
    private volatile bool _isWarm;
    private volatile bool _isDraining;

    /// <summary>True from the moment that every endpoint is warm until the drain begins.</summary>
    public bool IsReady => _isWarm && !_isDraining;

    /// <summary>True from the beginning of the drain.</summary>
    public bool IsDraining => _isDraining;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // In the background: one upstream that is down must not keep the host from serving the others.
        shares.Start();
        _ = WarmAsync();
        return Task.CompletedTask;
    }

    /// <summary>Refuses new calls, lets those in flight finish within <see cref="OrleansPoolOptions.DrainTimeout"/>, closes all channels. Safe to repeat.</summary>
    public Task DrainAsync()
    {
        lock (_gate) return _drain ??= DrainOnceAsync();
    }

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => DrainAsync();

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WarmAsync()
    {
        try
        {
            await Task.WhenAll(endpoints.All.Select(endpoint => endpoint.WarmAsync())).ConfigureAwait(false);
            if (_isDraining) return;
            _isWarm = true;
            _log.Ready(endpoints.All.Count);
        }
        catch (OperationCanceledException) when (_isDraining)
        {
            // Stopped before it was warm.
        }
    }

    private async Task DrainOnceAsync()
    {
        _isDraining = true;
        _log.DrainStarted(options.DrainTimeout);
        await Task.WhenAll(endpoints.All.Select(endpoint => endpoint.DrainAsync(options.DrainTimeout))).ConfigureAwait(false);
        await shares.LeaveAsync().ConfigureAwait(false);
        _log.DrainEnded();
    }
}
